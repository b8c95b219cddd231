package org.gridwarden.server;

import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.gridwarden.core.Admission;
import org.gridwarden.headend.certificate.CertificateOffice;
import org.gridwarden.headend.est.EstListener;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.SecretFiles;
import org.gridwarden.security.certificate.CertificateAuthority;
import org.gridwarden.security.certificate.EnrolmentTls;
import org.gridwarden.security.certificate.IssuingAuthority;
import org.gridwarden.security.certificate.MakerTrust;
import org.gridwarden.security.certificate.OfficeTls;
import org.gridwarden.security.certificate.PublicPlace;
import org.gridwarden.security.dtls.OfficeDtls;
import org.gridwarden.security.staple.StapledStatus;
import org.gridwarden.store.Store;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What of the server has to do with certificates.
 *
 * @param office decides about them
 * @param tls meters come and are called with them
 * @param folder the data folder's part of it
 */
record CertificateRoom(CertificateOffice office, OfficeTls tls, ServerFolder folder) {
  private static final Logger LOG = LoggerFactory.getLogger(CertificateRoom.class);
  private static final Duration LIST_EVERY = Duration.ofHours(1);

  /**
   * Opens the authority, or makes it at the first start, and learns what is revoked.
   *
   * @param issuing the pair of a token that issues
   */
  static CertificateRoom open(
      Stack stack,
      Store store,
      OfficeKey key,
      ServerFolder folder,
      InstantSource clock,
      Optional<PublicPlace> place,
      Optional<KeyPair> issuing)
      throws IOException {
    CertificateAuthority authority =
        CertificateAuthority.open(folder.resolve("ca"), key, clock, place, issuing);
    CertificateOffice office =
        new CertificateOffice(
            store.unitOfWork(),
            store.certificates(),
            store.enrolments(),
            store.meters(),
            authority,
            clock);
    office.revocations().learn(store.certificates().revokedSerials(), clock.instant());
    // before any context is made: those that are made from now on staple
    stack.push(StapledStatus.of(office::statusOfOurs));
    OfficeDtls dtls =
        stack.push(
            new OfficeDtls(office.check(), office.revocations(), office::own, office::ofKey));
    OfficeTls tls =
        stack.push(new OfficeTls(office.check(), office.revocations(), office::own, clock, dtls));
    if (clock.instant().isAfter(authority.renewIssuing())) {
      LOG.warn(
          "the issuing authority ends within a year: put root.p12 and root-passphrase back into {}"
              + " and restart, then take them away again",
          folder.resolve("ca"));
    }
    return new CertificateRoom(office, tls, folder);
  }

  /** What is done every so often; a thread of its own, so that nothing holds revocation up. */
  void keep(Stack stack) {
    Chores chores = stack.push(new Chores());
    chores.every("learning what is revoked", CertificateOffice.EVERY, office::look);
    chores.every("writing the revocation list", LIST_EVERY, this::writeList);
    writeList();
  }

  /** The port where devices enrol. */
  Optional<EstListener> listen(
      GridwardenConfig.Est est, Admission admission, InstantSource clock, Stack stack)
      throws IOException {
    if (!est.on()) {
      return Optional.empty();
    }
    MakerTrust makers = MakerTrust.of(folder.resolve("ca").resolve("makers"), clock);
    return Optional.of(
        stack.push(
            EstListener.open(
                est.bind(),
                est.port(),
                est.patience(),
                new EnrolmentTls(office.check(), makers, office::own),
                office,
                admission)));
  }

  /**
   * {@code ca/revoked.crl} of the authority that issues now, {@code ca/revoked-N.crl} of each, for
   * those who fetch them as files.
   */
  void writeList() {
    try {
      SecretFiles.write(folder.resolve("ca").resolve("revoked.crl"), office.revocationList());
      for (IssuingAuthority issuing : office.authority().inForce()) {
        Optional<byte[]> list = office.revocationList(issuing.number());
        if (list.isPresent()) {
          SecretFiles.write(
              folder.resolve("ca").resolve("revoked-" + issuing.number() + ".crl"), list.get());
        }
      }
    } catch (IOException e) {
      LOG.warn("the revocation list could not be written: {}", e.getMessage());
    }
  }
}
