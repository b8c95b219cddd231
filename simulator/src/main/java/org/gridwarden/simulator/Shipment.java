package org.gridwarden.simulator;

import java.io.BufferedWriter;
import java.io.IOException;
import java.security.PublicKey;
import java.time.ZoneId;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.gridwarden.core.Secret;
import org.gridwarden.security.KeyWrap;

/** The file that comes with a delivery of meters. */
final class Shipment {
  private Shipment() {}

  static void write(BufferedWriter out, List<VirtualMeter> meters, ZoneId zone, PublicKey office)
      throws IOException {
    out.write("serial,system_title,profile,service_point,zone,push_policy,key_id,guek,gak\n");
    for (VirtualMeter meter : meters) {
      out.write(
          String.join(
                  ",",
                  meter.serial(),
                  HexFormat.of().withUpperCase().formatHex(meter.systemTitle()),
                  "street",
                  "SP-" + meter.serial().substring(3),
                  zone.getId(),
                  "AUTHENTICATED",
                  "1",
                  wrap(meter.encryption(), office),
                  wrap(meter.authentication(), office))
              + "\n");
    }
  }

  private static String wrap(Secret key, PublicKey office) {
    return Base64.getEncoder().encodeToString(KeyWrap.forShipment(office, key));
  }
}
