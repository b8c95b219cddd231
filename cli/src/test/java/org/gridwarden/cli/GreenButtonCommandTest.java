package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code green-button check} as its user meets it. */
class GreenButtonCommandTest {
  private static final String FEED =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <feed xmlns="http://www.w3.org/2005/Atom">
      <id>urn:uuid:1</id><title>Feed</title><updated>2026-01-01T00:00:00Z</updated>
      <entry><id>urn:uuid:2</id><title>Home</title><updated>2026-01-01T00:00:00Z</updated>
      <link rel="self" href="/UsagePoint/1"/><link rel="related" href="/UsagePoint/1/MeterReading"/>
      <content><UsagePoint xmlns="http://naesb.org/espi"><ServiceCategory><kind>0</kind>
      </ServiceCategory></UsagePoint></content></entry>
      <entry><id>urn:uuid:3</id><title>Energy</title><updated>2026-01-01T00:00:00Z</updated>
      <link rel="self" href="/UsagePoint/1/MeterReading/1"/>
      <link rel="up" href="/UsagePoint/1/MeterReading"/>
      <link rel="related" href="/UsagePoint/1/MeterReading/1/IntervalBlock"/>
      <link rel="related" href="/ReadingType/1"/>
      <content><MeterReading xmlns="http://naesb.org/espi"/></content></entry>
      <entry><id>urn:uuid:4</id><title>Type</title><updated>2026-01-01T00:00:00Z</updated>
      <link rel="self" href="/ReadingType/1"/>
      <content><ReadingType xmlns="http://naesb.org/espi"><flowDirection>1</flowDirection>
      <intervalLength>3600</intervalLength><kind>12</kind>
      <powerOfTenMultiplier>0</powerOfTenMultiplier><uom>72</uom></ReadingType></content></entry>
      <entry><id>urn:uuid:5</id><title/><updated>2026-01-01T00:00:00Z</updated>
      <link rel="self" href="/UsagePoint/1/MeterReading/1/IntervalBlock/1"/>
      <link rel="up" href="/UsagePoint/1/MeterReading/1/IntervalBlock"/>
      <content><IntervalBlock xmlns="http://naesb.org/espi">
      <IntervalReading><timePeriod><duration>3600</duration><start>1767225600</start></timePeriod>
      <value>250</value></IntervalReading>
      <IntervalReading><timePeriod><duration>3600</duration><start>1767229200</start></timePeriod>
      <value>300</value></IntervalReading>
      </IntervalBlock></content></entry>
      </feed>
      """;

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  @DisplayName("a feed that is fine is said so, with what it holds as a table")
  void fine() throws IOException {
    assertThat(check(FEED)).isZero();
    assertThat(out.toString())
        .contains("4 entries: 1 IntervalBlock, 1 MeterReading, 1 ReadingType, 1 UsagePoint")
        .contains("usage point  series")
        .containsPattern(
            "Home +Energy +delivered +60 min +2026-01-01 00:00Z +2026-01-01 02:00Z +2 +0 +550 Wh")
        .contains("Valid by ESPI 4.0");
  }

  @Test
  @DisplayName("what is wrong has its line and remedy, and the exit code says so")
  void wrong() throws IOException {
    assertThat(check(FEED.replace("<start>1767229200", "<start>1767225600"))).isEqualTo(2);
    int line = (int) FEED.substring(0, FEED.indexOf("<value>250")).lines().count() + 2;
    assertThat(out.toString())
        .contains(
            "line " + line + ": error: reading: the reading of 2026-01-01T00:00:00Z is there twice")
        .contains("leave one of them out")
        .contains("1 error, 0 warnings");
  }

  @Test
  @DisplayName("the same for a program")
  void json() throws IOException {
    assertThat(check(FEED, "--json")).isZero();
    JsonNode answer = JsonMapper.shared().readTree(out.toString());
    assertThat(answer.get("valid").asBoolean()).isTrue();
    assertThat(answer.at("/series/0/sum").asString()).isEqualTo("550");
    assertThat(answer.at("/series/0/intervalSeconds").asInt()).isEqualTo(3600);
  }

  @Test
  @DisplayName("a file that is not there, or is no feed, is one line")
  void none() throws IOException {
    assertThat(run("green-button", "check", folder.resolve("none.xml").toString())).isEqualTo(2);
    assertThat(err.toString()).contains("there is no file");
    assertThat(check("meter,start,kwh\n")).isEqualTo(2);
    assertThat(out.toString()).contains("line 1: error: file:");
  }

  private int check(String text, String... more) throws IOException {
    Path file = Files.writeString(folder.resolve("feed.xml"), text);
    String[] line = new String[3 + more.length];
    line[0] = "green-button";
    line[1] = "check";
    line[2] = file.toString();
    System.arraycopy(more, 0, line, 3, more.length);
    return run(line);
  }

  private int run(String... arguments) {
    CommandLine command = Gridwarden.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    return command.execute(arguments);
  }
}
