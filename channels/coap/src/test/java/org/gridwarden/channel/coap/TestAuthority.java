package org.gridwarden.channel.coap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.gridwarden.core.MeterId;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.certificate.CertificateAuthority;
import org.gridwarden.security.certificate.CertificateCheck;
import org.gridwarden.security.certificate.CertificateProfile.Usage;
import org.gridwarden.security.certificate.Credential;
import org.gridwarden.security.certificate.Holder;
import org.gridwarden.security.certificate.KeyPairs;
import org.gridwarden.security.certificate.OfficeTls;
import org.gridwarden.security.certificate.Revocations;
import org.gridwarden.security.dtls.OfficeDtls;
import org.gridwarden.security.dtls.ShownCheck;

/** An office's certificates, in a folder of their own. */
final class TestAuthority implements AutoCloseable {
  private static final Instant NOW = TestOffice.NOW;

  final CertificateAuthority authority;
  final Revocations revocations = new Revocations();
  final OfficeDtls dtls;
  final OfficeTls tls;
  private final CertificateCheck check;
  private final Map<String, X509Certificate> byKey = new ConcurrentHashMap<>();

  TestAuthority() {
    try {
      Path folder = Files.createTempDirectory("coap-authority");
      authority =
          CertificateAuthority.open(folder.resolve("ca"), OfficeKey.open(folder), () -> NOW);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    check = new CertificateCheck(authority, revocations, () -> NOW);
    revocations.learn(Set.of(), NOW);
    Credential own = issue(Holder.of(Holder.Kind.OFFICE, "head-end"));
    dtls =
        new OfficeDtls(
            check,
            revocations,
            () -> own,
            key -> Optional.ofNullable(byKey.get(HexFormat.of().formatHex(key))).stream().toList());
    tls = new OfficeTls(check, revocations, () -> own, () -> NOW, dtls);
  }

  private Credential issue(Holder holder) {
    KeyPair pair = KeyPairs.make();
    X509Certificate certificate = authority.issue(holder, pair.getPublic(), List.of());
    byKey.put(HexFormat.of().formatHex(KeyPairs.id(pair.getPublic())), certificate);
    return new Credential(pair.getPrivate(), authority.chain(certificate));
  }

  Credential meter(MeterId meter) {
    return issue(Holder.meter(meter.value(), new byte[] {'G', 'W', 'S', 0, 0, 0, 0, 1}));
  }

  void revoke(Credential credential) {
    revocations.learn(Set.of(credential.certificate().getSerialNumber()), NOW);
  }

  /** What a meter holds the office's certificate against. */
  ShownCheck office() {
    CertificateCheck meters = new CertificateCheck(authority, new Revocations(), () -> NOW);
    return chain -> {
      var unused = meters.check(chain, EnumSet.of(Holder.Kind.OFFICE), Usage.SERVER);
    };
  }

  @Override
  public void close() {
    tls.close();
    dtls.close();
  }
}
