package org.gridwarden.dlms.security;

import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.util.Optional;
import org.gridwarden.dlms.DlmsException;

/**
 * The static key pairs of one side as far as it has them, and the other side's public keys (IEC
 * 62056-5-3, clause 9.2.3.4): for digital signatures and for key agreement, each its own. Prints no
 * private key.
 */
public record AsymmetricKeys(
    Optional<ECPrivateKey> signing,
    Optional<ECPrivateKey> agreement,
    Optional<ECPublicKey> peerSigning,
    Optional<ECPublicKey> peerAgreement) {
  /** None at all. */
  public static final AsymmetricKeys NONE =
      new AsymmetricKeys(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  ECPrivateKey requireSigning() throws DlmsException {
    return require(signing, "own key for digital signatures");
  }

  ECPrivateKey requireAgreement() throws DlmsException {
    return require(agreement, "own key for key agreement");
  }

  ECPublicKey requirePeerSigning() throws DlmsException {
    return require(peerSigning, "other side's key for digital signatures");
  }

  ECPublicKey requirePeerAgreement() throws DlmsException {
    return require(peerAgreement, "other side's key for key agreement");
  }

  private static <T> T require(Optional<T> key, String name) throws DlmsException {
    return key.orElseThrow(
        () -> new DlmsException(DlmsException.Kind.NO_KEY, 0, "the " + name + " is not given"));
  }

  @Override
  public String toString() {
    return "AsymmetricKeys[redacted]";
  }
}
