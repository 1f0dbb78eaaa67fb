package akkasinks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigResolveOptions;
import java.io.File;
import org.junit.jupiter.api.Test;

class ExampleConfigTest {
  private static Config read(String file) {
    return ConfigFactory.parseFile(new File(file))
        .resolve(ConfigResolveOptions.noSystem().setAllowUnresolved(true))
        .getConfig("akkasinks");
  }

  @Test
  void theExampleHasEverySettingWithItsDefault() {
    Config example = read("deploy/example.conf");

    assertThat(example.root().render(ConfigRenderOptions.concise()))
        .isEqualTo(read("hocon/reference.conf").root().render(ConfigRenderOptions.concise()));
  }
}
