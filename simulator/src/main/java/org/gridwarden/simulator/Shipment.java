package org.gridwarden.simulator;

import java.io.BufferedWriter;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.gridwarden.core.Secret;

/** The file that comes with a delivery of meters. */
final class Shipment {
  /** SHA-256 in both places: the JDK's own default for the mask function would be SHA-1. */
  private static final OAEPParameterSpec OAEP =
      new OAEPParameterSpec(
          "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);

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
    byte[] plain = key.copy();
    try {
      Cipher rsa = Cipher.getInstance("RSA/ECB/OAEPPadding");
      rsa.init(Cipher.ENCRYPT_MODE, office, OAEP);
      return Base64.getEncoder().encodeToString(rsa.doFinal(plain));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "the office's key cannot wrap; it must be RSA of 2048 bits or more", e);
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }
}
