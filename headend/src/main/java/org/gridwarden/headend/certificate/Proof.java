package org.gridwarden.headend.certificate;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import org.gridwarden.security.certificate.Holder;

/** How whoever asks for a certificate is known. */
public sealed interface Proof {
  /** Its word in lists. */
  String word();

  /**
   * By the secret of its invitation.
   *
   * @param kind meter or concentrator
   */
  @SuppressWarnings("ArrayRecordComponent") // copied in and out below
  record Secret(Holder.Kind kind, String name, byte[] hash) implements Proof {
    public Secret {
      hash = hash.clone();
    }

    @Override
    public byte[] hash() {
      return hash.clone();
    }

    @Override
    public String word() {
      return "secret";
    }

    /** Of the secret as it was typed. */
    public static Secret of(Holder.Kind kind, String name, String secret) {
      return new Secret(kind, name, Proof.hash(secret));
    }
  }

  /** By the certificate that it has. */
  record Present(Holder holder, X509Certificate certificate) implements Proof {
    @Override
    public String word() {
      return "certificate";
    }
  }

  /** By its maker's certificate for this serial number. */
  record Made(String serial) implements Proof {
    @Override
    public String word() {
      return "maker";
    }
  }

  /** What is kept of a secret: it has 128 random bits, so that a plain hash tells nothing. */
  static byte[] hash(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is missing in this Java", e);
    }
  }
}
