package org.gridwarden.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Shipments of any bytes: errors, never an exception (C39). */
class ShipmentFuzz {
  private static final ShipmentRules RULES = new ShipmentRules(384, true, 64 << 10, 1_000, 50);
  private static final String CSV =
      "serial,system_title,profile,service_point,zone,push_policy,key_id,guek,gak\n";

  /** The first byte says what stands before the rest: nothing, a CSV's head or an XML's. */
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] bytes) throws IOException {
    if (bytes.length == 0) {
      check(bytes);
      return;
    }
    byte[] rest = Arrays.copyOfRange(bytes, 1, bytes.length);
    String text = new String(rest, StandardCharsets.ISO_8859_1);
    switch (bytes[0] & 3) {
      case 0 -> check((CSV + text).getBytes(StandardCharsets.UTF_8));
      case 1 -> check(("<shipment><meter>" + text).getBytes(StandardCharsets.UTF_8));
      default -> check(rest);
    }
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
      "<!DOCTYPE a [\u0001]><shipment/>",
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
