package org.gridwarden.mdm.proof;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.gridwarden.security.certificate.CertificatePem;
import org.gridwarden.security.certificate.Holder;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.P256;
import org.gridwarden.security.integrity.MeterDay;

/**
 * Whether a meter signed a day as it was billed. Whose key or certificate it is is the office's
 * word (it stands in the leaf), or, where authorities are given, theirs. Immutable.
 *
 * @param authorities keys under which meters' certificates are issued; none: the office's word
 */
public record MeterSignatures(List<PublicKey> authorities) {
  /**
   * Looks at a day.
   *
   * @return empty where nothing is signed, or the office changed the day, or no authority vouches
   *     for the key: no fault, only no signature
   * @throws ProofException where there is a signature that does not hold
   */
  public Optional<MeterDay> of(DayRecord day) throws ProofException {
    Optional<MeterDay> measured = day.asMeasured();
    if (day.signature().isEmpty() || measured.isEmpty()) {
      return Optional.empty();
    }
    DayRecord.Signature signature = day.signature().get();
    String where = "day " + day.date() + " of meter " + day.meter();
    try {
      MeterDay signed =
          MeterDay.open(
              Base64.getDecoder().decode(signature.signed()), key(day.meter(), signature, where));
      if (!signed.equals(measured.get())) {
        throw new ProofException(where, "the meter signed other values than were billed");
      }
      return signature.key().isEmpty() || authorities.isEmpty()
          ? Optional.of(signed)
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      throw new ProofException(where, "the signature beside it is none");
    } catch (CommandException e) {
      throw new ProofException(where, "the meter's signature: " + e.getMessage());
    }
  }

  /** The key: the office's word, or of a certificate that is this meter's. */
  private PublicKey key(String meter, DayRecord.Signature signature, String where)
      throws ProofException, CommandException {
    if (!signature.key().isEmpty()) {
      return P256.publicKey(Base64.getDecoder().decode(signature.key()));
    }
    try {
      X509Certificate certificate =
          CertificatePem.parse(Base64.getDecoder().decode(signature.certificate()));
      boolean its =
          Holder.of(certificate)
              .filter(h -> h.kind() == Holder.Kind.METER && h.name().equals(meter))
              .isPresent();
      if (!its) {
        throw new ProofException(where, "the certificate beside it is not this meter's");
      }
      if (!authorities.isEmpty() && authorities.stream().noneMatch(a -> issued(certificate, a))) {
        throw new ProofException(where, "none of the authorities given issued the certificate");
      }
      return certificate.getPublicKey();
    } catch (CertificateException | IllegalArgumentException e) {
      throw new ProofException(where, "the certificate beside it is none");
    }
  }

  private static boolean issued(X509Certificate certificate, PublicKey authority) {
    try {
      certificate.verify(authority);
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
