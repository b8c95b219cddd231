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
  private static final String HEAD =
      "serial,system_title,profile,service_point,zone,push_policy,key_id,guek,gak";
  private static final String COMMANDS = ",feeder,receipt_key,seal,master\n";

  private Shipment() {}

  static void write(BufferedWriter out, List<VirtualMeter> meters, ZoneId zone, PublicKey office)
      throws IOException {
    write(out, meters, zone, office, false);
  }

  /**
   * @param commands whether what commands need stands in it, too
   */
  static void write(
      BufferedWriter out,
      List<VirtualMeter> meters,
      ZoneId zone,
      PublicKey office,
      boolean commands)
      throws IOException {
    out.write(HEAD);
    out.write(commands ? COMMANDS : "\n");
    for (VirtualMeter meter : meters) {
      out.write(line(meter, meter.made(), "1", zone, office, commands));
    }
  }

  /** What a fitter sends who has given a meter other keys: a shipment of it alone. */
  static String refitted(
      VirtualMeter meter, FactoryKeys keys, String keyId, ZoneId zone, PublicKey office) {
    return HEAD + COMMANDS + line(meter, keys, keyId, zone, office, true);
  }

  private static String line(
      VirtualMeter meter,
      FactoryKeys keys,
      String keyId,
      ZoneId zone,
      PublicKey office,
      boolean commands) {
    return String.join(
            ",",
            meter.serial(),
            HexFormat.of().withUpperCase().formatHex(meter.systemTitle()),
            "street",
            "SP-" + meter.serial().substring(3),
            zone.getId(),
            "AUTHENTICATED",
            keyId,
            wrap(keys.encryption(), office),
            wrap(keys.authentication(), office))
        + (commands ? "," + commands(meter, keys, office) : "")
        + "\n";
  }

  private static String commands(VirtualMeter meter, FactoryKeys keys, PublicKey office) {
    return String.join(
        ",",
        meter.feeder(),
        Base64.getEncoder().encodeToString(meter.control().receiptKey().getEncoded()),
        wrap(keys.seal(), office),
        wrap(keys.master(), office));
  }

  private static String wrap(Secret key, PublicKey office) {
    return Base64.getEncoder().encodeToString(KeyWrap.forShipment(office, key));
  }
}
