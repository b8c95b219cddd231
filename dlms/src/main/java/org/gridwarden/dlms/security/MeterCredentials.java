package org.gridwarden.dlms.security;

import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.gridwarden.dlms.DlmsException;

/**
 * A meter's key pairs and the certificates that it knows (IEC 62056-5-3, clause 9.2.6). A new pair
 * waits until its certificate comes, so that the old one is used until then; a certificate is taken
 * only from an authority that is known already. Prints no private key; thread-safe.
 */
public final class MeterCredentials {
  /** All that has to outlive the process. */
  public record Content(
      List<CertificateInfo> certificates,
      Map<CertificateInfo.Type, KeyPair> pairs,
      Map<CertificateInfo.Type, KeyPair> waitingPairs) {
    public Content {
      certificates = List.copyOf(certificates);
      pairs = Map.copyOf(pairs);
      waitingPairs = Map.copyOf(waitingPairs);
    }

    @Override
    public String toString() {
      return "Content[" + certificates.size() + " certificates]";
    }
  }

  /** Keeps what changed. Durable before it returns. */
  @FunctionalInterface
  public interface Store {
    void save(Content content);
  }

  private static final int MOST_CERTIFICATES = 32;

  private final byte[] ownTitle;
  private final SecuritySuite suite;
  private final InstantSource clock;
  private final Store store;
  private Content content;

  /**
   * @param ownTitle the meter's system title, 8 bytes
   * @param clock for the certificates' times
   * @param content what it begins with: at least an authority, for others to be imported
   */
  public MeterCredentials(
      byte[] ownTitle, SecuritySuite suite, InstantSource clock, Content content, Store store) {
    this.ownTitle = ownTitle.clone();
    this.suite = suite;
    this.clock = clock;
    this.content = content;
    this.store = store;
  }

  /** What there is now. */
  public synchronized Content content() {
    return content;
  }

  private void change(Content to) {
    store.save(to);
    content = to;
  }

  /** Whose a certificate is. */
  public CertificateInfo.Entity entity(CertificateInfo certificate, byte[] clientTitle) {
    if (certificate.isAuthority()) {
      return CertificateInfo.Entity.AUTHORITY;
    }
    if (certificate.isOf(ownTitle)) {
      return CertificateInfo.Entity.SERVER;
    }
    return certificate.isOf(clientTitle)
        ? CertificateInfo.Entity.CLIENT
        : CertificateInfo.Entity.OTHER;
  }

  /**
   * Makes a new key pair, which waits for its certificate.
   *
   * @throws DlmsException UNSUPPORTED in suite 0, and for another type than signature, key
   *     agreement and TLS
   */
  public synchronized void generate(CertificateInfo.Type type) throws DlmsException {
    if (type == CertificateInfo.Type.OTHER) {
      throw refused(DlmsException.Kind.UNSUPPORTED, "a key pair for nothing in particular");
    }
    Map<CertificateInfo.Type, KeyPair> waiting = copy(content.waitingPairs());
    waiting.put(type, suite.requireCurve().generate());
    change(new Content(content.certificates(), content.pairs(), waiting));
  }

  private static Map<CertificateInfo.Type, KeyPair> copy(Map<CertificateInfo.Type, KeyPair> pairs) {
    Map<CertificateInfo.Type, KeyPair> copy = new EnumMap<>(CertificateInfo.Type.class);
    copy.putAll(pairs);
    return copy;
  }

  /**
   * A request for the certificate of the pair that waits or, where none does, that is used.
   *
   * @return PKCS #10 in DER
   * @throws DlmsException NO_KEY where there is no pair
   */
  public synchronized byte[] request(CertificateInfo.Type type) throws DlmsException {
    KeyPair pair = content.waitingPairs().get(type);
    if (pair == null) {
      pair = content.pairs().get(type);
    }
    if (pair == null) {
      throw refused(DlmsException.Kind.NO_KEY, "there is no key pair of this type");
    }
    return CertificateRequest.create(suite.requireCurve(), pair, ownTitle);
  }

  /**
   * Takes a certificate that a known authority has signed and that is valid now. One of the meter
   * itself has to be for the pair that waits, which is used from now on, or for the one that is
   * used. It takes the place of one of the same owner and type.
   *
   * @throws DlmsException UNAUTHENTICATED, MALFORMED, UNSUPPORTED where it is not taken
   */
  public synchronized void add(byte[] der) throws DlmsException {
    CertificateInfo added = CertificateInfo.read(der);
    if (!suite.requireCurve().isOn(added.key())) {
      throw refused(DlmsException.Kind.UNSUPPORTED, "a certificate of another suite");
    }
    if (!added.isValidAt(clock.instant())) {
      throw refused(DlmsException.Kind.UNAUTHENTICATED, "the certificate is not valid now");
    }
    boolean vouched =
        content.certificates().stream()
            .anyMatch(known -> known.isValidAt(clock.instant()) && added.isSignedBy(known));
    if (!vouched) {
      throw refused(DlmsException.Kind.UNAUTHENTICATED, "no known authority signed this");
    }
    if (!added.isAuthority() && added.type() == CertificateInfo.Type.OTHER) {
      throw refused(DlmsException.Kind.UNSUPPORTED, "the certificate is for nothing that is used");
    }
    Map<CertificateInfo.Type, KeyPair> pairs = copy(content.pairs());
    Map<CertificateInfo.Type, KeyPair> waiting = copy(content.waitingPairs());
    if (added.isOf(ownTitle) && !added.isAuthority()) {
      install(added, pairs, waiting);
    }
    List<CertificateInfo> certificates = new ArrayList<>(content.certificates());
    certificates.removeIf(known -> replaces(added, known));
    if (certificates.size() >= MOST_CERTIFICATES) {
      throw refused(DlmsException.Kind.UNSUPPORTED, "there is no room for one more certificate");
    }
    certificates.add(added);
    change(new Content(certificates, pairs, waiting));
  }

  private static void install(
      CertificateInfo added,
      Map<CertificateInfo.Type, KeyPair> pairs,
      Map<CertificateInfo.Type, KeyPair> waiting)
      throws DlmsException {
    KeyPair next = waiting.get(added.type());
    KeyPair now = pairs.get(added.type());
    if (next != null && next.getPublic().equals(added.key())) {
      pairs.put(added.type(), next);
      waiting.remove(added.type());
    } else if (now == null || !now.getPublic().equals(added.key())) {
      throw refused(
          DlmsException.Kind.UNAUTHENTICATED, "the certificate is for none of the meter's pairs");
    }
  }

  private static boolean replaces(CertificateInfo added, CertificateInfo known) {
    return added.isAuthority() == known.isAuthority()
        && added.type() == known.type()
        && added
            .certificate()
            .getSubjectX500Principal()
            .equals(known.certificate().getSubjectX500Principal());
  }

  /** The first certificate that is such. */
  public synchronized Optional<CertificateInfo> find(Predicate<CertificateInfo> which) {
    return content.certificates().stream().filter(which).findFirst();
  }

  /**
   * Forgets a certificate.
   *
   * @return false where there is no such one, or it is the last authority: nothing could be
   *     imported any more
   */
  public synchronized boolean remove(Predicate<CertificateInfo> which) {
    Optional<CertificateInfo> found = find(which);
    long authorities = content.certificates().stream().filter(CertificateInfo::isAuthority).count();
    if (found.isEmpty() || (found.get().isAuthority() && authorities == 1)) {
      return false;
    }
    List<CertificateInfo> certificates = new ArrayList<>(content.certificates());
    certificates.remove(found.get());
    change(new Content(certificates, content.pairs(), content.waitingPairs()));
    return true;
  }

  /** The meter's pairs and a client's public keys, as far as their certificates are valid now. */
  public synchronized AsymmetricKeys keys(byte[] clientTitle) {
    return new AsymmetricKeys(
        own(CertificateInfo.Type.SIGNATURE),
        own(CertificateInfo.Type.AGREEMENT),
        peer(clientTitle, CertificateInfo.Type.SIGNATURE),
        peer(clientTitle, CertificateInfo.Type.AGREEMENT));
  }

  /**
   * With what somebody signs who is neither the meter nor an authority, as far as a certificate of
   * theirs is valid now.
   *
   * @param title their system title, 8 bytes
   */
  public synchronized Optional<ECPublicKey> signer(byte[] title) {
    return java.util.Arrays.equals(title, ownTitle)
        ? Optional.empty()
        : peer(title, CertificateInfo.Type.SIGNATURE);
  }

  private Optional<ECPrivateKey> own(CertificateInfo.Type type) {
    return Optional.ofNullable(content.pairs().get(type))
        .map(pair -> (ECPrivateKey) pair.getPrivate());
  }

  private Optional<ECPublicKey> peer(byte[] title, CertificateInfo.Type type) {
    return find(known ->
            known.isOf(title)
                && !known.isAuthority()
                && known.type() == type
                && known.isValidAt(clock.instant()))
        .map(CertificateInfo::key);
  }

  private static DlmsException refused(DlmsException.Kind kind, String why) {
    return new DlmsException(kind, 0, why);
  }
}
