package org.gridwarden.store;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;

/**
 * A certificate that the office issued.
 *
 * @param kind of holder: meter, concentrator, server, office, machine, operator
 * @param name the holder's
 * @param issued by the office's clock
 * @param issuedBy who had it issued
 * @param revocation empty where it was not revoked
 * @param keyId SHA-256 of its SubjectPublicKeyInfo
 * @param der the certificate itself
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out below
public record StoredCertificate(
    BigInteger serial,
    String kind,
    String name,
    Instant issued,
    Instant notBefore,
    Instant notAfter,
    String issuedBy,
    Optional<Revocation> revocation,
    byte[] keyId,
    byte[] der) {
  /**
   * How it was revoked.
   *
   * @param reason CRLReason's number (RFC 5280, 5.3.1)
   */
  public record Revocation(Instant at, String by, int reason, String note) {}

  public StoredCertificate {
    keyId = keyId.clone();
    der = der.clone();
  }

  @Override
  public byte[] keyId() {
    return keyId.clone();
  }

  @Override
  public byte[] der() {
    return der.clone();
  }

  /** The serial number as people write it: hexadecimal digits. */
  public String hexSerial() {
    return serial.toString(16);
  }

  /** Whether it is in force at a moment. */
  public boolean good(Instant now) {
    return revocation.isEmpty() && !now.isBefore(notBefore) && !now.isAfter(notAfter);
  }
}
