package org.gridwarden.security.certificate;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.core.Secret;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.keys.Pkcs11Token;

/** In a process that finds a token by its environment: {@code LIBRARY ALIAS PIN FOLDER}. */
final class IssuingProbe {
  private IssuingProbe() {}

  public static void main(String[] arguments) throws Exception {
    Secret pin = new Secret(arguments[2].getBytes(StandardCharsets.US_ASCII));
    Path folder = Path.of(arguments[3]);
    Optional<KeyPair> token =
        arguments[1].equals("none")
            ? Optional.empty()
            : Optional.of(
                Pkcs11Token.signing(
                    "gridwarden-issuing",
                    Map.of("library", arguments[0], "alias", arguments[1]),
                    pin));
    try (OfficeKey office = OfficeKey.open(folder.resolve("keys"))) {
      CertificateAuthority authority =
          CertificateAuthority.open(
              folder.resolve("ca"), office, InstantSource.system(), Optional.empty(), token);
      X509Certificate made =
          authority.issue(
              new Holder(Holder.Kind.MACHINE, "scada", new byte[0]),
              KeyPairs.make().getPublic(),
              List.of());
      List<X509Certificate> chain = authority.chain(made);
      made.verify(chain.get(1).getPublicKey());
      chain.get(1).verify(authority.root().getPublicKey());
      IssuingAuthority issuing = authority.inForce().getLast();
      if (token.isPresent() && !chain.get(1).getPublicKey().equals(token.get().getPublic())) {
        throw new AssertionError("the token's key did not issue");
      }
      if (token.isPresent() && issuing.credential().key().getEncoded() != null) {
        throw new AssertionError("the private key can be taken out");
      }
      X509CRL list =
          (X509CRL)
              CertificateFactory.getInstance("X.509")
                  .generateCRL(
                      new ByteArrayInputStream(
                          RevocationList.crl(issuing, List.of(), BigInteger.ONE, Instant.now())));
      list.verify(chain.get(1).getPublicKey());
      System.out.println("issued by " + issuing.number());
    }
  }
}
