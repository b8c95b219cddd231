package org.gridwarden.bench.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The measurement itself: each command has its receipt, however it went. */
class CommandRunIT {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyCommandHasItsReceipt(boolean dlms) throws Exception {
    JsonNode figures =
        JsonMapper.shared().readTree(new CommandRun(30, 20, dlms, folder).run().json());
    assertThat(figures.path("confirmed by meters' signed receipts").asInt())
        .isEqualTo(20 + 20 + 30);
    assertThat(figures.path("30 at once, click to stored receipt, p99, ms").asDouble())
        .isGreaterThan(0);
    for (Map.Entry<String, JsonNode> figure : figures.properties()) {
      assertThat(figure.getValue().asDouble()).as(figure.getKey()).isPositive();
    }
    assertThat(folder.toFile().list()).as("its folder is gone").isEmpty();
  }
}
