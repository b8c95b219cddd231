package org.gridwarden.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Base64;
import java.util.Map;
import org.gridwarden.core.Meter.PushPolicy;
import org.gridwarden.core.Signing;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ShipmentsTest {
  private static final String WRAPPED = Base64.getEncoder().encodeToString(new byte[384]);
  private static final String CANARY = "CAFEBABEDEADBEEFCAFEBABEDEADBEEF";
  private static final String HEADER =
      "serial,system_title,profile,service_point,zone,push_policy,key_id,guek,gak\n";

  private static Shipment read(String text, boolean plain) throws IOException {
    ShipmentRules rules = new ShipmentRules(384, plain, 1 << 20, 1_000, 100);
    return Shipments.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), rules);
  }

  @Test
  void readsCsvInAnyColumnOrder() throws IOException {
    Shipment shipment =
        read(
            "\uFEFFguek,gak,gbek,SERIAL,zone,system_title,profile,service_point\r\n"
                + WRAPPED
                + ","
                + WRAPPED
                + ","
                + WRAPPED
                + ",12345,Europe/Zurich,4d4d4d0000bc614e,street,\"Main Street, 1\"\r\n",
            false);
    assertThat(shipment.errors()).isEmpty();
    assertThat(shipment.lines())
        .singleElement()
        .satisfies(line -> {
          assertThat(line.line()).isEqualTo(2);
          assertThat(line.meter().value()).isEqualTo("12345");
          assertThat(line.systemTitle()).hasSize(8).startsWith('M', 'M', 'M');
          assertThat(line.servicePoint()).isEqualTo("Main Street, 1");
          assertThat(line.zone()).isEqualTo(ZoneId.of("Europe/Zurich"));
          assertThat(line.policy()).isEqualTo(PushPolicy.AUTHENTICATED);
          assertThat(line.keyId()).as("made of the keys").hasSize(8);
          assertThat(line.broadcast()).isInstanceOf(ShippedKey.Wrapped.class);
        });
  }

  @Test
  void refusesAReceiptKeyThatIsNoneAndASealOfAnotherLength() throws IOException {
    Shipment shipment =
        read(
            "serial,system_title,profile,zone,guek,gak,feeder,receipt_key,seal\n"
                + "A1,4D4D4D0000BC6101,street,UTC,"
                + WRAPPED
                + ","
                + WRAPPED
                + ",F 1,MFkw,plain:"
                + CANARY
                + "\n",
            true);
    assertThat(shipment.lines()).isEmpty();
    assertThat(shipment.errors())
        .extracting(ShipmentError::field)
        .containsExactly("feeder", "receipt_key", "seal");
    assertThat(shipment.errors().toString()).doesNotContain(CANARY);
  }

  @Test
  void refusesWhatGeneralSigningCannotWorkWith() throws IOException {
    String head = "meter_id,serial,system_title,profile,zone,guek,gak,receipt_key,seal,signing\n";
    String keys = ",captures,UTC," + WRAPPED + "," + WRAPPED;
    String meter = "A1,4D4D4D0000BC6101" + keys;
    assertThat(read(head + "," + meter + ",,,cose\n", false).lines().getFirst().signing())
        .isEqualTo(Signing.COSE);
    assertThat(field(head + "," + meter + ",,,rsa\n")).isEqualTo("signing");
    assertThat(field(head + "," + meter + ",,,dlms\n")).isEqualTo("receipt_key");
    assertThat(field(head + "B2," + meter + ",,,dlms\n")).isEqualTo("meter_id");
  }

  private static String field(String shipment) throws IOException {
    return read(shipment, false).errors().getFirst().field();
  }

  @Test
  void readsTheSameFromXml() throws IOException {
    Shipment shipment =
        read(
            "<?xml version=\"1.0\"?>\n<shipment>\n<meter><serial>12345</serial>"
                + "<system_title>4D4D4D0000BC614E</system_title><profile>street</profile>"
                + "<zone>Europe/Zurich</zone><key_id>k1</key_id><guek>"
                + WRAPPED
                + "</guek><gak>"
                + WRAPPED
                + "</gak></meter>\n</shipment>\n",
            false);
    assertThat(shipment.errors()).isEmpty();
    assertThat(shipment.lines())
        .singleElement()
        .satisfies(line -> assertThat(line.line()).isEqualTo(3))
        .satisfies(line -> assertThat(line.keyId()).asString().isEqualTo("k1"));
  }

  @Test
  void tellsEachErrorByLineAndFieldAndReadsOn() throws IOException {
    String fine = "A1,4D4D4D0000BC6101,street,,Europe/Zurich,,k1," + WRAPPED + "," + WRAPPED + "\n";
    Shipment shipment =
        read(
            HEADER
                + fine
                + "A2,4D4D,street,,Mars/Olympus,sometimes,k 1,abc,\n"
                + fine
                + "A4,4D4D4D0000BC6104,street,,Europe/Zurich,encrypted,k1,,\n"
                + "A5,too few\n"
                + fine.replace("A1", "A6"),
            false);
    assertThat(shipment.lines()).extracting(ShipmentLine::serial).containsExactly("A1");
    assertThat(shipment.errors())
        .extracting(e -> e.line() + " " + e.field())
        .containsExactly(
            "3 system_title",
            "3 zone",
            "3 push_policy",
            "3 guek",
            "3 key_id",
            "4 serial",
            "5 guek",
            "6 ",
            "7 system_title");
    assertThat(shipment.wrong()).isEqualTo(5);
    assertThat(shipment.errors().get(1))
        .hasToString("line 3, zone: is a time zone such as Europe/Zurich, not 'Mars/Olympus'");
  }

  @Test
  @DisplayName("C30: keys in the clear are refused outside the demo, and shown nowhere")
  void plainKeysAreForTheDemo() throws IOException {
    String line =
        "A1,4D4D4D0000BC6101,street,,Europe/Zurich,,k1,plain:" + CANARY + ",plain:" + CANARY + "\n";
    Shipment refused = read(HEADER + line, false);
    assertThat(refused.lines()).isEmpty();
    assertThat(refused.errors()).hasSize(2).first().asString().contains("in the demo only");
    Shipment demo = read(HEADER + line, true);
    assertThat(demo.lines()).hasSize(1);
    // columns in the wrong order: a key stands where a zone should
    Shipment mixed =
        read(
            "zone,serial,profile,guek,gak\n" + CANARY + "," + CANARY + "0,x y," + CANARY + ",\n",
            true);
    assertThat(refused + "" + demo + mixed).doesNotContain("CAFEBABE");
  }

  @Test
  void xmlOffersNothingBeyondElements() throws IOException {
    String entity =
        "<!DOCTYPE shipment [<!ENTITY x SYSTEM \"file:///etc/hostname\">]>"
            + "<shipment><meter><serial>&x;</serial></meter></shipment>";
    assertThat(read(entity, false).lines()).isEmpty();
    assertThat(read(entity, false).errors()).hasSize(1);
    assertThat(read("<shipment><meter id='1'/></shipment>", false).errors())
        .singleElement()
        .asString()
        .contains("attribute");
    assertThat(read("<shipment><meter>", false).errors()).isNotEmpty();
    assertThat(read("<other/>", false).errors()).singleElement().asString().contains("'shipment'");
    assertThat(
            read(
                    "<shipment><meter><serial>"
                        + "9".repeat(5_000)
                        + "</serial></meter></shipment>",
                    false)
                .errors())
        .first()
        .asString()
        .contains("longer than");
  }

  @Test
  void aFileHasLimits() throws IOException {
    ShipmentRules small = new ShipmentRules(384, false, 200, 3, 2);
    byte[] many = (HEADER + "A\n".repeat(200)).getBytes(StandardCharsets.UTF_8);
    Shipment shipment = Shipments.read(new ByteArrayInputStream(many), small);
    assertThat(shipment.errors()).singleElement().asString().contains("longer than 200 bytes");
    assertThat(read("", false).errors()).singleElement().asString().contains("is empty");
    assertThat(read("serial,password\nA,B\n", false).errors())
        .first()
        .asString()
        .contains("not known");
    assertThat(read(HEADER + "\"" + "x".repeat(100_000), false).errors()).hasSize(1);
    byte[] latin = (HEADER + "\u00e9").getBytes(StandardCharsets.ISO_8859_1);
    assertThat(Shipments.read(new ByteArrayInputStream(latin), ShipmentRulesOf.wide()).errors())
        .singleElement()
        .asString()
        .contains("UTF-8");
  }

  @Test
  void checksASingleMeterToo() {
    Shipment one =
        Shipments.line(
            Map.of("serial", "A1", "profile", "p1", "zone", "UTC", "push_policy", "plain"),
            ShipmentRulesOf.wide());
    assertThat(one.lines()).hasSize(1);
    assertThat(Shipments.line(Map.of("serial", "A1"), ShipmentRulesOf.wide()).errors())
        .isNotEmpty();
  }

  private static final class ShipmentRulesOf {
    static ShipmentRules wide() {
      return new ShipmentRules(384, false, 1 << 20, 1_000, 100);
    }
  }
}
