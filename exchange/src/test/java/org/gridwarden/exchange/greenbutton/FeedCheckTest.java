package org.gridwarden.exchange.greenbutton;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.gridwarden.exchange.xml.XmlLimits;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a feed is said with its line and remedy. */
class FeedCheckTest {
  @TempDir private Path folder;

  @ParameterizedTest(name = "{2}")
  @CsvSource(
      delimiter = '|',
      value = {
        // what is replaced | by what | what is said
        "<uom>72</uom> | <!-- --> | it has no uom",
        "<powerOfTenMultiplier>0</powerOfTenMultiplier>~<timeAttribute>"
            + " | <powerOfTenMultiplier>1000</powerOfTenMultiplier><timeAttribute>"
            + " | powerOfTenMultiplier is 1000",
        "<dstEndRule>B40E2000 | <dstEndRule>D40E2000 | its month is 13",
        "<dstEndRule>B40E2000 | <dstEndRule>FFFFFFFF | summer time never ends",
        "<dstOffset>3600 | <dstOffset>0 | dstOffset is 0 s though summer time begins",
        "<tzOffset>-18000 | <tzOffset>-180000 | tzOffset is -180000 s",
        "<start>1330578900</start> | <start>1330578000</start> | is there twice",
        "<start>1330578900</start> | <start>1330578901</start> | begins before the one of line",
        "<start>1330578900</start> | <start>1230578900</start> | lies outside its block's interval",
        "<duration>86400</duration> | <duration>900</duration> | lies outside its block's interval",
        "<intervalLength>900 | <intervalLength>3600 | its readings last 900 s",
        "<intervalLength>900 | <intervalLength>0 | intervalLength is 0 s",
        "<uom>72</uom>~<interharmonic> | <uom>38</uom><interharmonic> | its kind is energy and its unit W",
        "<value>282</value> | <value>28.2</value> | '28.2'",
        "<value>282</value> | <valeu>282</valeu> | valeu",
        "<id>urn:uuid:54C62EBE-2DB6-4D4F-B6BF-1973A079C841</id> | <!-- --> | it has no id",
        "<id>urn:uuid:54C62EBE-2DB6-4D4F-B6BF-1973A079C841</id> |"
            + " <id>urn:uuid:48C2A019-5598-4E16-B0F9-49E4FF27F5FB</id> | its id is another entry's",
        "rel=\"related\" href=\"/espi/1_1/resource/ReadingType/07\" |"
            + " rel=\"related\" href=\"/espi/1_1/resource/ReadingType/08\" |"
            + " no ReadingType of the feed is related to it",
        "MeterReading/01/IntervalBlock\"/>~<title/> | MeterReading/02/IntervalBlock\"/><title/> |"
            + " no MeterReading is related to it",
        "related\" href=\"/espi/1_1/resource/LocalTimeParameters/01\" |"
            + " related\" href=\"/espi/1_1/resource/LocalTimeParameters/02\" | are not in the feed",
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"> | <feed xmlns=\"urn:other\"> | a <feed> in",
        "</feed> | </food> | well-formed",
      })
  void said(String old, String fresh, String words) throws Exception {
    String text =
        new String(GivenFeedsTest.bytes("test_usage_data_01.xml"), StandardCharsets.UTF_8);
    String what = old.replace("~", "");
    text = text.replaceAll("\\R\\s*", "\n").replace(">\n<", "><");
    assertThat(text).contains(what);
    FeedReport report =
        check(text.replaceFirst(java.util.regex.Pattern.quote(what), fresh.replace("$", "\\$")));
    assertThat(report.findings())
        .anySatisfy(f -> {
          assertThat(f.what() + " " + f.remedy()).contains(words);
          assertThat(f.remedy()).isNotBlank();
        });
  }

  @Test
  @DisplayName("an error of the schema has its line and a remedy")
  void line() throws Exception {
    String text =
        new String(GivenFeedsTest.bytes("test_usage_data_01.xml"), StandardCharsets.UTF_8);
    int at = text.indexOf("<commodity>");
    int line = (int) text.substring(0, at).lines().count();
    FeedReport report =
        check(text.replace("<commodity>1</commodity>", "<commodity>electric</commodity>"));
    assertThat(report.errors()).isPositive();
    assertThat(report.findings().getFirst())
        .satisfies(f -> {
          assertThat(f.line()).isEqualTo(line);
          assertThat(f.where()).isEqualTo("schema");
          assertThat(f.what()).contains("electric").doesNotContain("http://");
          assertThat(f.remedy()).isEqualTo("write a value of that type");
        });
  }

  @Test
  @DisplayName("C39 nothing outside the file is looked at, and entities do not grow")
  void noEntities() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "canary");
    for (String type :
        List.of(
            "<!DOCTYPE feed [<!ENTITY x SYSTEM \"" + secret.toUri() + "\">]>",
            "<!DOCTYPE feed [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY x \"&a;&a;&a;&a;\">]>",
            "<!DOCTYPE feed SYSTEM \"" + secret.toUri() + "\">")) {
      FeedReport report =
          check(type + "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>&x;</title></feed>");
      assertThat(report.errors()).as(type).isPositive();
      assertThat(report.toString()).doesNotContain("canary").doesNotContain("aaaaa");
    }
  }

  @Test
  @DisplayName("a file that is longer than allowed is refused, not read")
  void tooLong() throws Exception {
    Path file = GivenFeedsTest.file("test_usage_data_01.xml");
    FeedReport report = FeedCheck.check(file, XmlLimits.of(10_000));
    assertThat(report.findings())
        .anySatisfy(f -> assertThat(f.what()).contains("more than 10000 bytes"));
  }

  private FeedReport check(String text) throws Exception {
    Path file = Files.writeString(folder.resolve("feed.xml"), text);
    return FeedCheck.check(file, XmlLimits.of(1 << 20));
  }
}
