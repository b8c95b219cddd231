package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** tools/TestReport.java over reports whose content is known. */
class TestReportTest {
  private static final Path TOOL = CommandProcess.root().resolve("tools/TestReport.java");

  @TempDir Path folder;
  private int runs;

  @BeforeEach
  void aProject() throws IOException {
    write("docs/controls.md", Files.readString(CommandProcess.root().resolve("docs/controls.md")));
    write(
        "dlms/target/surefire-reports/TEST-org.gridwarden.dlms.A.xml",
        """
        <testsuite>
          <testcase classname="org.gridwarden.dlms.ATest" name="C1, C6: twice does nothing"/>
          <testcase classname="org.gridwarden.dlms.ATest" name="C4 of many[1] C9 is a value"/>
          <testcase classname="org.gridwarden.dlms.ATest" name="C4 of many[2] 7"/>
          <testcase classname="org.gridwarden.dlms.ATest" name="decodes C001C100030100010800"/>
          <testcase classname="org.gridwarden.dlms.BFuzz" name="anything(byte[])[1]"/>
        </testsuite>
        """);
    write(
        "dlms/src/test/java/org/gridwarden/dlms/BFuzz.java",
        """
        package org.gridwarden.dlms;

        /** Not C7: this is another class's. */
        interface Before {}

        /** Any bytes: never an exception (C39). */
        class BFuzz {
          /** Not C8: this is a method's. */
          void anything() {}
        }
        """);
    write(
        "store/target/failsafe-reports/TEST-org.gridwarden.store.C.xml",
        """
        <testsuite>
          <testcase classname="org.gridwarden.store.CIT" name="C26: wants a tool"><skipped message="no tool"/></testcase>
        </testsuite>
        """);
  }

  private void write(String path, String text) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private record Said(int code, String text) {}

  private Said run(boolean ci, String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("env", "-C", folder.toString(), "CI=" + ci));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Dstdout.encoding=UTF-8", TOOL.toString()));
    command.addAll(List.of(options));
    try (CommandProcess process = CommandProcess.run(folder, "report" + ++runs, command)) {
      int code = process.exit(Duration.ofSeconds(60));
      return new Said(code, process.out() + process.err());
    }
  }

  private Map<String, JsonNode> controls(Said said) {
    return StreamSupport.stream(
            JsonMapper.shared().readTree(said.text()).get("controls").spliterator(), false)
        .collect(Collectors.toMap(c -> c.get("id").asString(), Function.identity()));
  }

  private static JsonNode one(Map<String, JsonNode> controls, String id) {
    return Objects.requireNonNull(controls.get(id), id);
  }

  @Test
  void everyControlHasItsResult() throws Exception {
    Said said = run(false, "--controls", "--json");
    assertThat(said.code()).as(said.text()).isZero();
    Map<String, JsonNode> controls = controls(said);
    assertThat(controls).hasSize(40);
    assertThat(one(controls, "C1").get("result").asString()).isEqualTo("passed");
    assertThat(one(controls, "C6").get("tests").get(0).get("test").asString())
        .isEqualTo("ATest.C1, C6: twice does nothing");
    assertThat(one(controls, "C4").get("tests")).as("two cases are one test").hasSize(1);
    assertThat(one(controls, "C39").get("tests").get(0).get("test").asString())
        .as("a fuzz target names it in its Javadoc")
        .startsWith("BFuzz.");
    assertThat(one(controls, "C26").get("result").asString()).isEqualTo("skipped");
    assertThat(
            controls.values().stream().filter(c -> c.get("result").asString().equals("untested")))
        .as("no value, digit or method's comment names one")
        .hasSize(40 - 5);
    assertThat(one(controls, "C34").get("control").asString()).contains("canary rings");
  }

  @Test
  void theTableNamesTheUntestedToo() throws Exception {
    Said said = run(false, "--controls");
    assertThat(said.code()).as("untested controls change no exit code").isZero();
    assertThat(said.text())
        .containsPattern("(?m)^C39  passed   parsers: .*\\n +passed   BFuzz\\.anything")
        .containsPattern("(?m)^C34  untested firmware: ")
        .contains("40 controls, 35 untested")
        .contains("store CIT.C26: wants a tool: no tool")
        .contains("5 passed, 0 failed, 1 skipped");
  }

  @Test
  void whatFailedOrIsSkippedInCiFails() throws Exception {
    assertThat(run(true).code()).as("a skip in CI").isEqualTo(1);
    write(
        "core/target/surefire-reports/TEST-org.gridwarden.core.D.xml",
        """
        <testsuite>
          <testcase classname="org.gridwarden.core.DTest" name="C1 fails"><failure message="no&#10;more"/></testcase>
        </testsuite>
        """);
    Said said = run(false, "--controls", "--json");
    assertThat(said.code()).isEqualTo(1);
    assertThat(one(controls(said), "C1").get("result").asString()).isEqualTo("failed");
    assertThat(run(false).text()).contains("core DTest.C1 fails: no\n");
  }
}
