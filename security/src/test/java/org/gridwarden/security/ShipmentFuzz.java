package org.gridwarden.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Shipments of any bytes: errors, never an exception (C39). */
class ShipmentFuzz {
  private static final ShipmentRules RULES = new ShipmentRules(384, true, 64 << 10, 1_000, 50);
  private static final String CSV =
      "serial,system_title,profile,service_point,zone,push_policy,key_id,guek,gak\n";

  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] bytes) throws IOException {
    check(bytes);
  }

  @FuzzTest(maxDuration = "10s")
  void anyCsvBody(byte[] bytes) throws IOException {
    check((CSV + new String(bytes, StandardCharsets.ISO_8859_1)).getBytes(StandardCharsets.UTF_8));
  }

  @FuzzTest(maxDuration = "10s")
  void anyXmlBody(byte[] bytes) throws IOException {
    String body = new String(bytes, StandardCharsets.ISO_8859_1);
    check(("<shipment><meter>" + body).getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void nastySeeds() throws IOException {
    String[] seeds = {
      "",
      "\n\n\n",
      "\"",
      "serial\n\"",
      "serial,serial\n1,2\n",
      ",".repeat(60_000),
      "serial\n" + "1\n".repeat(30_000),
      "<",
      "<!--" + "-".repeat(60_000),
      "<shipment>" + "<meter>".repeat(8_000),
      "<a " + "b".repeat(60_000) + "='1'/>",
      "<shipment><meter><serial>" + "<![CDATA[x]]>".repeat(4_000),
      "<!DOCTYPE a [<!ENTITY b \"" + "c".repeat(60_000) + "\">]><shipment>&b;</shipment>",
      "<shipment>&#xFFFFFFFF;</shipment>",
      "\u0000\uFFFF",
      "serial\n" + "\"\"\"".repeat(20_000)
    };
    for (String seed : seeds) {
      check(seed.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void check(byte[] bytes) throws IOException {
    Shipment shipment = Shipments.read(new ByteArrayInputStream(bytes), RULES);
    assertThat(shipment.lines().size()).isLessThanOrEqualTo(shipment.read());
    assertThat(shipment.wrong() == 0).isEqualTo(shipment.errors().isEmpty());
  }
}
