package org.gridwarden.security.dtls;

import java.io.IOException;
import java.net.BindException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Supplier;
import org.gridwarden.core.DatagramSecurity;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.TransportPeer;
import org.gridwarden.security.certificate.CertificateCheck;
import org.gridwarden.security.certificate.CertificateProfile.Usage;
import org.gridwarden.security.certificate.Credential;
import org.gridwarden.security.certificate.Holder;
import org.gridwarden.security.certificate.KeyPairs;
import org.gridwarden.security.certificate.RefusedCertificate;
import org.gridwarden.security.certificate.Revocations;
import org.gridwarden.security.fips.FipsMode;

/**
 * DTLS 1.2 with the office's certificates, and with keys that a port's rules say are shared. What
 * is revoked or has ended is dropped at each news and looked at again with each datagram.
 * Thread-safe.
 *
 * <p>Controls: C22, C23, C25, C40.
 */
public final class OfficeDtls implements DatagramSecurity, AutoCloseable {
  private static final Set<Holder.Kind> DEVICES =
      EnumSet.of(Holder.Kind.METER, Holder.Kind.CONCENTRATOR);

  private final CertificateCheck check;
  private final Supplier<Credential> own;
  private final IssuedCertificates issued;
  private final Set<DtlsPort> ports = ConcurrentHashMap.newKeySet();
  private final ScheduledThreadPoolExecutor timer;

  /**
   * @param own the office's credential, asked for at each handshake: it is renewed meanwhile
   */
  public OfficeDtls(CertificateCheck check, Revocations revocations, Supplier<Credential> own) {
    this(check, revocations, own, IssuedCertificates.NONE);
  }

  /**
   * @param own the office's credential, asked for at each handshake: it is renewed meanwhile
   * @param issued where the certificates are whose devices show their bare keys
   */
  public OfficeDtls(
      CertificateCheck check,
      Revocations revocations,
      Supplier<Credential> own,
      IssuedCertificates issued) {
    this.check = check;
    this.own = own;
    this.issued = issued;
    this.timer =
        new ScheduledThreadPoolExecutor(
            1, work -> Thread.ofPlatform().name("dtls-deadlines").daemon().unstarted(work));
    timer.setRemoveOnCancelPolicy(true);
    revocations.onNews(this::look);
  }

  @Override
  public Port listen(Rules rules, Receiver receiver) throws IOException {
    approved();
    DtlsPort port =
        new DtlsPort(
            rules,
            receiver,
            own,
            new Devices(check, rules.proofs().rawKeys() ? issued : IssuedCertificates.NONE),
            timer);
    try {
      port.open();
    } catch (BindException e) {
      port.close();
      throw new IOException("take another port or address: " + e.getMessage(), e);
    } catch (IOException e) {
      port.close();
      throw e;
    }
    ports.add(port);
    return port;
  }

  /** The library reckons by itself what a module would have to. */
  private static void approved() throws IOException {
    if (FipsMode.on()) {
      throw new IOException("the FIPS distribution has no DTLS: have meters come by TLS");
    }
  }

  /** Drops what stands on a certificate that is good no longer. Done at each news. */
  public void look() {
    ports.removeIf(DtlsPort::closed);
    ports.forEach(DtlsPort::look);
  }

  @Override
  public void close() {
    ports.forEach(DtlsPort::close);
    timer.shutdownNow();
  }

  /** Devices' certificates. */
  static final class Devices implements ShownCheck {
    private final CertificateCheck check;
    private final IssuedCertificates issued;

    Devices(CertificateCheck check, IssuedCertificates issued) {
      this.check = check;
      this.issued = issued;
    }

    @Override
    public void check(X509Certificate[] chain) throws RefusedCertificate {
      var unused = check.check(chain, DEVICES, Usage.CLIENT);
    }

    @Override
    public boolean takesBareKeys() {
      return issued != IssuedCertificates.NONE;
    }

    /** Its key must be a certificate's that is good now: revoking that one shuts the key out. */
    @Override
    public X509Certificate[] behind(PublicKey bare) throws RefusedCertificate {
      RefusedCertificate why = new RefusedCertificate(RefusedCertificate.Why.MISSING);
      for (X509Certificate candidate : issued.of(KeyPairs.id(bare))) {
        try {
          X509Certificate[] chain = {candidate};
          check(chain);
          return chain;
        } catch (RefusedCertificate e) {
          why = e;
        }
      }
      throw why;
    }

    @Override
    public List<X509Certificate> issuers() {
      return check.issuers();
    }

    boolean standing(X509Certificate shown) {
      return check.standing(shown);
    }

    /** Whom a certificate names that was found good. */
    static TransportPeer peer(X509Certificate shown) throws RefusedCertificate {
      Holder holder =
          Holder.of(shown)
              .orElseThrow(() -> new RefusedCertificate(RefusedCertificate.Why.WRONG_NAME));
      return new TransportPeer(
          holder.kind() == Holder.Kind.METER
              ? TransportPeer.Kind.METER
              : TransportPeer.Kind.CONCENTRATOR,
          new MeterId(holder.name()),
          holder.systemTitle());
    }
  }
}
