package akkasinks.source.postgres;

import java.lang.reflect.InvocationTargetException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the test methods of a class until one fails, for classes that a mutant has patched. Not the
 * long ones: what they find by luck, a short one must find without.
 */
final class RunTests {
  private static final Logger LOG = LoggerFactory.getLogger(RunTests.class);

  private RunTests() {}

  public static void main(String... args) throws Exception {
    var type = Class.forName(args[0]);
    for (var method : type.getDeclaredMethods()) {
      if (method.isAnnotationPresent(Test.class) && !method.isAnnotationPresent(Tag.class)) {
        var constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        method.setAccessible(true);
        try {
          method.invoke(constructor.newInstance());
        } catch (InvocationTargetException e) {
          LOG.info("{}: 1 failed", method.getName(), e.getCause());
          System.exit(1);
        }
      }
    }
    LOG.info("0 failed");
  }
}
