package org.gridwarden.headend.certificate;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterDirectory;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Tx;
import org.gridwarden.core.UnitOfWork;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.certificate.CertificateAuthority;
import org.gridwarden.security.certificate.CertificateCheck;
import org.gridwarden.security.certificate.CertificatePem;
import org.gridwarden.security.certificate.CertificateProfile;
import org.gridwarden.security.certificate.Credential;
import org.gridwarden.security.certificate.Csr;
import org.gridwarden.security.certificate.Holder;
import org.gridwarden.security.certificate.IssuingAuthority;
import org.gridwarden.security.certificate.KeyPairs;
import org.gridwarden.security.certificate.RevocationList;
import org.gridwarden.security.certificate.Revocations;
import org.gridwarden.store.CertificateBook;
import org.gridwarden.store.EnrolmentBook;
import org.gridwarden.store.StoredCertificate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides about certificates. A name that has a key keeps it: another one needs a person's word
 * (C24). What is revoked is known to every listener at once, and to those of other processes within
 * {@link #EVERY}. Thread-safe.
 */
public final class CertificateOffice {
  private static final Logger LOG = LoggerFactory.getLogger(CertificateOffice.class);

  /** How often revocations are learnt anew, and connections looked at. */
  public static final Duration EVERY = Duration.ofSeconds(5);

  /** How long an invitation may be used. */
  public static final Duration INVITED = Duration.ofDays(30);

  private static final int MOST_PENDING = 3;
  private static final int SUPERSEDED = 4; // CRLReason (RFC 5280, 5.3.1)
  private static final int CESSATION = 5;

  /** CRLReasons that a person may give: the words of RFC 5280. */
  public static final List<String> REASONS =
      List.of(
          "unspecified",
          "keyCompromise",
          "cACompromise",
          "affiliationChanged",
          "superseded",
          "cessationOfOperation");

  private final UnitOfWork work;
  private final CertificateBook book;
  private final EnrolmentBook enrolments;
  private final MeterDirectory meters;
  private final CertificateAuthority authority;
  private final InstantSource clock;
  private final Revocations revocations = new Revocations();
  private final CertificateCheck check;
  private volatile Optional<Credential> own = Optional.empty();
  private boolean told;

  public CertificateOffice(
      UnitOfWork work,
      CertificateBook book,
      EnrolmentBook enrolments,
      MeterDirectory meters,
      CertificateAuthority authority,
      InstantSource clock) {
    this.work = work;
    this.book = book;
    this.enrolments = enrolments;
    this.meters = meters;
    this.authority = authority;
    this.clock = clock;
    this.check = new CertificateCheck(authority, revocations, clock);
  }

  /** The office's authority. */
  public CertificateAuthority authority() {
    return authority;
  }

  /** What is known to be revoked. */
  public Revocations revocations() {
    return revocations;
  }

  /** Which certificates are good. */
  public CertificateCheck check() {
    return check;
  }

  /** What was issued. */
  public CertificateBook book() {
    return book;
  }

  /** What waits for a person. */
  public List<EnrolmentBook.Request> requests() {
    return enrolments.requests();
  }

  /** The office's own credential at its device ports: made in memory, renewed by itself. */
  public synchronized Credential own() {
    Instant due = clock.instant().plus(CertificateProfile.of(Holder.Kind.OFFICE).renew());
    if (own.isPresent() && due.isBefore(own.get().certificate().getNotAfter().toInstant())) {
      return own.get();
    }
    KeyPair pair = KeyPairs.make();
    X509Certificate certificate =
        issueOwn(Holder.of(Holder.Kind.OFFICE, "head-end"), pair.getPublic());
    own = Optional.of(new Credential(pair.getPrivate(), authority.chain(certificate)));
    return own.get();
  }

  /** Renews it now; connections that stand on the old one stay. */
  public synchronized void renewOwn() {
    own = Optional.empty();
    var unused = own();
  }

  /** Certifies a key of the office's own, under the names of this machine. */
  public X509Certificate issueOwn(Holder holder, PublicKey key) {
    Function<Tx, X509Certificate> issue =
        tx -> issue(tx, holder, key, CertificateAuthority.ownHosts(), Actor.system("certificates"));
    return work.call(issue);
  }

  /**
   * Learns what is revoked, and sees to the office's own certificate. Done every {@link #EVERY}.
   */
  public void look() {
    try {
      revocations.learn(book.revokedSerials(), clock.instant());
      var unused = own();
      told = false;
    } catch (RuntimeException e) {
      if (!revocations.known(clock.instant()) && !told) {
        told = true;
        LOG.error(
            "what certificates are revoked is not known since {}: nothing is commanded until it is;"
                + " readings are taken. See to the database",
            revocations.asOf());
      }
      throw e;
    }
  }

  /**
   * Lets a device enrol once.
   *
   * @param kind meter or concentrator
   * @return the secret: it is not kept and cannot be shown again
   * @throws IllegalArgumentException where there is no such meter, or it cannot be certified
   */
  public String invite(Holder.Kind kind, String name, Actor by) {
    var unused = holder(kind, name);
    byte[] random = new byte[16];
    OfficeKey.random().nextBytes(random);
    String secret = HexFormat.of().formatHex(random);
    work.<Boolean>call(tx -> {
      enrolments.invite(
          tx, kind.word(), name, Proof.hash(secret), clock.instant().plus(INVITED), by);
      return true;
    });
    return secret;
  }

  /** Whether a secret lets a device in; before anything of its request is looked at. */
  public boolean invited(Proof.Secret secret) {
    return enrolments.invited(secret.kind().word(), secret.name(), secret.hash());
  }

  /**
   * A device asks for a certificate.
   *
   * @param der the request's own bytes
   */
  public Enrolment enrol(Csr csr, byte[] der, Proof proof) {
    Holder holder;
    try {
      holder =
          switch (proof) {
            case Proof.Secret secret -> holder(secret.kind(), secret.name());
            case Proof.Present present -> holder(present.holder().kind(), present.holder().name());
            case Proof.Made made ->
                meters
                    .bySerial(made.serial())
                    .map(m -> holder(Holder.Kind.METER, m.id().value()))
                    .orElseThrow(
                        () -> new IllegalArgumentException("no meter of this serial is known"));
          };
    } catch (IllegalArgumentException e) {
      return refused(Fault.Code.UNKNOWN_METER, "enrolment", String.valueOf(e.getMessage()));
    }
    if (!csr.name().equals(holder.name())) {
      return refused(
          Fault.Code.FORBIDDEN,
          "enrolment of " + holder,
          "the request's common name is another: ask for your own");
    }
    AtomicBoolean superseded = new AtomicBoolean();
    Function<Tx, Enrolment> decide = tx -> decide(tx, holder, csr, der, proof, superseded);
    Enrolment answer = work.call(decide);
    if (superseded.get()) {
      revocations.learn(book.revokedSerials(), clock.instant());
    }
    return answer;
  }

  private Enrolment decide(
      Tx tx, Holder holder, Csr csr, byte[] der, Proof proof, AtomicBoolean superseded) {
    String kind = holder.kind().word();
    Actor by = new Actor(Actor.Kind.METER, holder.name());
    book.hold(tx, kind, holder.name());
    byte[] keyId = KeyPairs.id(csr.key());
    List<StoredCertificate> had = book.of(tx, kind, holder.name());
    if (had.stream().anyMatch(c -> same(c, keyId) && forGood(c))) {
      return refused(
          Fault.Code.FORBIDDEN, "enrolment of " + holder, "this key was revoked: make another");
    }
    Optional<StoredCertificate> bound =
        had.stream().filter(c -> c.revocation().isEmpty()).findFirst();
    boolean itsKey = had.isEmpty() || bound.isPresent() && same(bound.get(), keyId);
    Optional<EnrolmentBook.Request> approved = Optional.empty();
    if (!itsKey) {
      Optional<EnrolmentBook.Request> asked =
          enrolments.ask(tx, kind, holder.name(), keyId, der, proof.word(), MOST_PENDING, by);
      if (asked.isEmpty()) {
        return refused(
            Fault.Code.BUSY,
            "enrolment of " + holder,
            "so many keys wait for a person already: have one decided first");
      }
      if (asked.get().state().equals("PENDING")) {
        return new Enrolment.Waiting(asked.get().id());
      }
      approved = asked;
    } else if (bound.isPresent() && !due(bound.get())) {
      return again(bound.get()); // its answer was lost, or it asks too early
    }
    if (proof instanceof Proof.Secret secret
        && !enrolments.use(tx, kind, holder.name(), secret.hash())) {
      return refused(
          Fault.Code.UNAUTHENTICATED, "enrolment of " + holder, "the invitation was used");
    }
    X509Certificate certificate = issue(tx, holder, csr.key(), List.of(), by);
    approved.ifPresent(request -> {
      enrolments.issued(tx, request.id());
      for (StoredCertificate old : had) {
        if (old.revocation().isEmpty()
            && book.revoke(tx, old.serial(), SUPERSEDED, "another key was approved", by)) {
          superseded.set(true);
        }
      }
    });
    return new Enrolment.Issued(certificate);
  }

  /**
   * Certifies a key by a person's order: for machines, operators and concentrators that do not
   * enrol by themselves.
   *
   * @throws IllegalArgumentException where the name cannot be certified
   */
  public X509Certificate issue(Holder.Kind kind, String name, Csr csr, Actor by) {
    Holder holder = holder(kind, name);
    Function<Tx, X509Certificate> issue =
        tx -> {
          book.hold(tx, kind.word(), name);
          byte[] keyId = KeyPairs.id(csr.key());
          if (book.of(tx, kind.word(), name).stream().anyMatch(c -> same(c, keyId) && forGood(c))) {
            throw new IllegalArgumentException("this key was revoked: make another");
          }
          return issue(tx, holder, csr.key(), List.of(), by);
        };
    return work.call(issue);
  }

  /**
   * Revokes a certificate: connections that stand on it are cut at once.
   *
   * @param reason one of {@link #REASONS}
   * @return false where there is none, or it is revoked already
   */
  public boolean revoke(BigInteger serial, String reason, String note, Actor by) {
    int code = REASONS.indexOf(reason);
    if (code < 0) {
      throw new IllegalArgumentException("a reason is one of " + String.join(", ", REASONS));
    }
    boolean done = work.call(tx -> book.revoke(tx, serial, code, note, by));
    if (done) {
      revocations.learn(book.revokedSerials(), clock.instant());
    }
    return done;
  }

  /** A person approves a request, or refuses it; false where it waits no more. */
  public boolean decide(long request, boolean approved, Actor by) {
    return work.call(tx -> enrolments.decide(tx, request, approved, by));
  }

  /** The revocation list of the authority that issues now, DER. */
  public byte[] revocationList() {
    return revocationList(authority.inForce().getLast());
  }

  /** The revocation list of an issuing authority by its number, DER; empty where it has none. */
  public Optional<byte[]> revocationList(int issuing) {
    return authority.inForce().stream()
        .filter(i -> i.number() == issuing)
        .findFirst()
        .map(this::revocationList);
  }

  private byte[] revocationList(IssuingAuthority by) {
    List<RevocationList.Entry> entries = new ArrayList<>();
    for (StoredCertificate revoked : book.revoked()) {
      if (by.issued(parsed(revoked))) {
        entry(revoked).ifPresent(entries::add);
      }
    }
    return RevocationList.crl(by, entries, book.nextListNumber(), clock.instant());
  }

  /** The answer to a question by OCSP, DER. */
  public byte[] status(byte[] question) {
    RevocationList.Book known =
        new RevocationList.Book() {
          @Override
          public boolean issued(BigInteger serial) {
            return serial.bitLength() <= 160 && book.find(serial).isPresent();
          }

          @Override
          public Optional<RevocationList.Entry> revoked(BigInteger serial) {
            return book.find(serial).flatMap(CertificateOffice::entry);
          }
        };
    return RevocationList.answer(authority, question, known, clock.instant());
  }

  /** The same where the question is about this office's certificates. */
  public Optional<byte[]> statusOfOurs(byte[] question) {
    return RevocationList.asksAbout(authority, question)
        ? Optional.of(status(question))
        : Optional.empty();
  }

  private static Optional<RevocationList.Entry> entry(StoredCertificate certificate) {
    return certificate
        .revocation()
        .map(r -> new RevocationList.Entry(certificate.serial(), r.at(), r.reason()));
  }

  private X509Certificate issue(Tx tx, Holder holder, PublicKey key, List<String> hosts, Actor by) {
    X509Certificate certificate = authority.issue(holder, key, hosts);
    book.add(
        tx,
        new StoredCertificate(
            certificate.getSerialNumber(),
            holder.kind().word(),
            holder.name(),
            clock.instant(),
            certificate.getNotBefore().toInstant(),
            certificate.getNotAfter().toInstant(),
            by.name(),
            Optional.empty(),
            KeyPairs.id(key),
            CertificatePem.der(certificate)),
        by);
    return certificate;
  }

  /** Whom a name stands for: of meters only those that are registered. */
  private Holder holder(Holder.Kind kind, String name) {
    if (kind != Holder.Kind.METER) {
      return Holder.of(kind, name);
    }
    Meter meter =
        meters
            .byId(new MeterId(name))
            .filter(m -> m.state() != Meter.State.RETIRED)
            .orElseThrow(
                () -> new IllegalArgumentException("no such meter is known: import its shipment"));
    return Holder.meter(name, meter.systemTitle());
  }

  private boolean due(StoredCertificate bound) {
    Optional<Holder.Kind> kind = Holder.Kind.of(bound.kind());
    Duration renew = CertificateProfile.of(kind.orElse(Holder.Kind.METER)).renew();
    return !clock.instant().plus(renew).isBefore(bound.notAfter());
  }

  private static Enrolment again(StoredCertificate bound) {
    return new Enrolment.Issued(parsed(bound));
  }

  private static X509Certificate parsed(StoredCertificate stored) {
    try {
      return CertificatePem.parse(stored.der());
    } catch (CertificateException e) {
      throw new IllegalStateException("a certificate of ours cannot be read again", e);
    }
  }

  /**
   * The certificates of a key, for devices that show it without one; those that are revoked are not
   * among them.
   *
   * @param keyId SHA-256 of its SubjectPublicKeyInfo
   */
  public List<X509Certificate> ofKey(byte[] keyId) {
    return book.ofKey(keyId).stream().map(CertificateOffice::parsed).toList();
  }

  private static boolean same(StoredCertificate certificate, byte[] keyId) {
    return java.util.Arrays.equals(certificate.keyId(), keyId);
  }

  /** Revoked for a reason that taints the key, not for being followed by another. */
  private static boolean forGood(StoredCertificate certificate) {
    return certificate
        .revocation()
        .filter(r -> !Set.of(SUPERSEDED, CESSATION).contains(r.reason()))
        .isPresent();
  }

  private static Enrolment refused(Fault.Code code, String where, String remedy) {
    return new Enrolment.Refused(new Fault(code, where, remedy));
  }
}
