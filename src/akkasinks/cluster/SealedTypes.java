package akkasinks.cluster;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.NopAnnotationIntrospector;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.jsontype.TypeResolverBuilder;
import com.fasterxml.jackson.databind.jsontype.impl.StdTypeResolverBuilder;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Teaches Jackson our sealed interfaces without annotations on them, so that the pure packages need
 * not know Jackson: each record below one carries {@code "@type"}, its name without the package
 * ({@code Definition$Sink}). Renaming such a record therefore needs a migration.
 */
public final class SealedTypes extends SimpleModule {
  private static final long serialVersionUID = 1;
  private static final String PACKAGE = "akkasinks.";

  public SealedTypes() {
    super("akkasinks-sealed-types");
  }

  @Override
  public void setupModule(SetupContext context) {
    super.setupModule(context);
    context.insertAnnotationIntrospector(new Introspector());
  }

  private static final class Introspector extends NopAnnotationIntrospector {
    private static final long serialVersionUID = 1;

    @Override
    public @Nullable TypeResolverBuilder<?> findTypeResolver(
        MapperConfig<?> config, AnnotatedClass type, JavaType baseType) {
      return isBelowSealed(type.getRawType())
          ? new StdTypeResolverBuilder()
              .init(JsonTypeInfo.Id.NAME, null)
              .inclusion(JsonTypeInfo.As.PROPERTY)
              .typeProperty("@type")
          : null;
    }

    @Override
    public @Nullable List<NamedType> findSubtypes(Annotated annotated) {
      var type = annotated.getRawType();
      if (!type.isSealed() || !type.getName().startsWith(PACKAGE)) {
        return null;
      }
      var found = new ArrayList<NamedType>();
      collect(type, found);
      return found;
    }

    @Override
    public @Nullable String findTypeName(AnnotatedClass type) {
      return isBelowSealed(type.getRawType()) ? nameOf(type.getRawType()) : null;
    }

    private static void collect(Class<?> type, List<NamedType> into) {
      for (var permitted : type.getPermittedSubclasses()) {
        if (permitted.isSealed()) {
          collect(permitted, into);
        } else {
          into.add(new NamedType(permitted, nameOf(permitted)));
        }
      }
    }

    private static String nameOf(Class<?> type) {
      return type.getName().substring(type.getPackageName().length() + 1);
    }

    private static boolean isBelowSealed(@Nullable Class<?> type) {
      if (type == null || type.isEnum()) {
        return false;
      }
      if (type.isSealed() && type.getName().startsWith(PACKAGE)) {
        return true;
      }
      for (var parent : type.getInterfaces()) {
        if (isBelowSealed(parent)) {
          return true;
        }
      }
      return false;
    }
  }
}
