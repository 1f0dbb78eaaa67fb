package akkasinks.source.postgres;

import java.lang.reflect.InvocationTargetException;
import org.junit.jupiter.api.Test;

/** Runs the test methods of a class until one fails, for classes that a mutant has patched. */
final class RunTests {
  private RunTests() {}

  public static void main(String... args) throws Exception {
    var type = Class.forName(args[0]);
    for (var method : type.getDeclaredMethods()) {
      if (method.isAnnotationPresent(Test.class)) {
        var constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        method.setAccessible(true);
        try {
          method.invoke(constructor.newInstance());
        } catch (InvocationTargetException e) {
          System.out.println(method.getName() + ": " + e.getCause() + "\n1 failed");
          System.exit(1);
        }
      }
    }
    System.out.println("0 failed");
  }
}
