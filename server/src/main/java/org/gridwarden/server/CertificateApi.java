package org.gridwarden.server;

import java.math.BigInteger;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gridwarden.core.Fault;
import org.gridwarden.headend.certificate.CertificateOffice;
import org.gridwarden.security.certificate.CertificatePem;
import org.gridwarden.security.certificate.Csr;
import org.gridwarden.security.certificate.Holder;
import org.gridwarden.store.CertificateBook;
import org.gridwarden.store.EnrolmentBook;
import org.gridwarden.store.StoredCertificate;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Who has which certificate, who waits for one, and what is revoked. */
@RestController
@RequestMapping("/api/v1/certificates")
class CertificateApi {
  private static final Duration SOON = Duration.ofDays(30);
  private static final int DAYS = 91;
  private static final int MOST_INVITED = 1_000;
  private static final Set<String> STATES = Set.of("", "good", "expiring", "expired", "revoked");
  private static final Set<Holder.Kind> DEVICES =
      Set.of(Holder.Kind.METER, Holder.Kind.CONCENTRATOR);
  private static final Set<Holder.Kind> BY_PERSON =
      Set.of(Holder.Kind.MACHINE, Holder.Kind.OPERATOR, Holder.Kind.CONCENTRATOR);

  private final Office office;
  private final ConsoleRenewal console;

  CertificateApi(Office office, ConsoleRenewal console) {
    this.office = office;
    this.console = console;
  }

  /**
   * A certificate.
   *
   * @param serial hexadecimal digits
   * @param kind meter, concentrator, server, office, machine or operator
   * @param state good, pending (not valid yet), expired or revoked
   * @param keyId SHA-256 of its SubjectPublicKeyInfo, hexadecimal digits
   * @param reason why it was revoked, as RFC 5280 calls it; null where it is not
   * @param pem the certificate itself; in lists null
   */
  record CertificateView(
      String serial,
      String kind,
      String name,
      String state,
      String issued,
      String notBefore,
      String notAfter,
      String issuedBy,
      String keyId,
      @Nullable String revoked,
      @Nullable String revokedBy,
      @Nullable String reason,
      @Nullable String note,
      @Nullable String pem) {
    static CertificateView of(StoredCertificate its, Instant now, @Nullable String pem) {
      String state =
          its.revocation().isPresent()
              ? "revoked"
              : now.isAfter(its.notAfter())
                  ? "expired"
                  : now.isBefore(its.notBefore()) ? "pending" : "good";
      StoredCertificate.Revocation end = its.revocation().orElse(null);
      return new CertificateView(
          its.hexSerial(),
          its.kind(),
          its.name(),
          state,
          its.issued().toString(),
          its.notBefore().toString(),
          its.notAfter().toString(),
          its.issuedBy(),
          HexFormat.of().formatHex(its.keyId()),
          end == null ? null : end.at().toString(),
          end == null ? null : end.by(),
          end == null ? null : CertificateOffice.REASONS.get(end.reason()),
          end == null ? null : end.note(),
          pem);
    }
  }

  /**
   * A request that a person decides.
   *
   * @param proof how whoever asks was known: secret, certificate or maker
   * @param keyId SHA-256 of the key that it asks for, hexadecimal digits
   * @param state pending, approved, refused or issued
   */
  record RequestView(
      long id,
      String kind,
      String name,
      String asked,
      String proof,
      String keyId,
      String state,
      String decidedBy) {
    static RequestView of(EnrolmentBook.Request request) {
      return new RequestView(
          request.id(),
          request.kind(),
          request.name(),
          request.asked().toString(),
          request.proof(),
          HexFormat.of().formatHex(request.keyId()),
          request.state().toLowerCase(java.util.Locale.ROOT),
          request.decidedBy());
    }
  }

  /**
   * The office's authority and how certificates stand.
   *
   * @param root what meters and machines are to trust, PEM
   * @param rootKeyHere whether the root's key lies in the data folder still
   * @param revocationKnown whether commands may go over TLS now
   * @param ending how many certificates in force end on each of the next days, today's first
   */
  record AuthorityView(
      String root,
      String rootFingerprint,
      String rootEnds,
      List<String> issuing,
      String issuingEnds,
      boolean rootKeyHere,
      boolean revocationKnown,
      List<Long> ending) {}

  /** Devices to be invited. */
  record Invite(@Nullable String kind, @Nullable List<String> names) {}

  /**
   * An invitation.
   *
   * @param secret told this once
   */
  record Invitation(String kind, String name, String secret, String until) {
    @Override
    public String toString() {
      return "Invitation[" + kind + " " + name + ", until " + until + "]";
    }
  }

  /** A key to be certified by a person's order. */
  record Order(@Nullable String kind, @Nullable String name, @Nullable String csr) {}

  /**
   * What is to be renewed.
   *
   * @param what console, or office: the credential of the device ports
   */
  record Renew(@Nullable String what) {}

  /** Why a certificate is revoked. */
  record Revoke(@Nullable String reason, @Nullable String note) {}

  @GetMapping
  MeterApi.Page<CertificateView> list(
      @RequestParam(defaultValue = "") String state,
      @RequestParam(defaultValue = "") String kind,
      @RequestParam(defaultValue = "") String q,
      @RequestParam(defaultValue = "0") int page,
      @RequestParam(defaultValue = "50") int size) {
    if (!STATES.contains(state)) {
      throw Requests.wrong("state", "is good, expiring, expired or revoked");
    }
    Instant now = office.clock().instant();
    String part = q.length() > 100 ? q.substring(0, 100) : q;
    CertificateBook.Page found =
        book()
            .page(
                new CertificateBook.Query(
                    state,
                    kind.isEmpty() ? "" : kind(kind).word(),
                    part.replace("\0", ""),
                    now.plus(SOON)),
                Requests.within("page", page, 0, 100_000),
                Requests.within("size", size, 1, 1_000));
    return new MeterApi.Page<>(
        found.items().stream().map(c -> CertificateView.of(c, now, null)).toList(),
        found.total(),
        page,
        size);
  }

  @GetMapping("/authority")
  AuthorityView authority() {
    var authority = certificates().authority();
    X509Certificate root = authority.root();
    return new AuthorityView(
        CertificatePem.of(List.of(root)),
        fingerprint(root),
        root.getNotAfter().toInstant().toString(),
        authority.issuing().stream().map(c -> CertificatePem.of(List.of(c))).toList(),
        authority.issuing().getLast().getNotAfter().toInstant().toString(),
        authority.rootKeyHere(),
        office.certificates().tls().revocationKnown(),
        book().ending(DAYS));
  }

  @GetMapping("/requests")
  ReadingApi.Items<RequestView> requests() {
    return new ReadingApi.Items<>(certificates().requests().stream().map(RequestView::of).toList());
  }

  @GetMapping(value = "/crl", produces = "application/pkix-crl")
  ResponseEntity<byte[]> list() {
    return ResponseEntity.ok(certificates().revocationList());
  }

  @GetMapping("/{serial}")
  CertificateView one(@PathVariable String serial) {
    StoredCertificate its = known(serial);
    try {
      X509Certificate parsed = CertificatePem.parse(its.der());
      return CertificateView.of(its, office.clock().instant(), CertificatePem.of(List.of(parsed)));
    } catch (CertificateException e) {
      throw new IllegalStateException("a certificate of ours cannot be read again", e);
    }
  }

  @PostMapping("/invitations")
  @ResponseStatus(HttpStatus.CREATED)
  ReadingApi.Items<Invitation> invite(@RequestBody Invite body) {
    Holder.Kind kind = kind(body.kind() == null ? "meter" : body.kind());
    List<String> names = body.names() == null ? List.of() : body.names();
    if (!DEVICES.contains(kind) || names.isEmpty() || names.size() > MOST_INVITED) {
      throw Requests.wrong("names", "are 1 to " + MOST_INVITED + " meters or concentrators");
    }
    String until = office.clock().instant().plus(CertificateOffice.INVITED).toString();
    Map<String, String> secrets = new LinkedHashMap<>();
    for (String name : names) {
      secrets.put(name, tried(() -> certificates().invite(kind, name, Audit.actor())));
    }
    return new ReadingApi.Items<>(
        secrets.entrySet().stream()
            .map(e -> new Invitation(kind.word(), e.getKey(), e.getValue(), until))
            .toList());
  }

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  CertificateView issue(@RequestBody Order order) {
    Holder.Kind kind = kind(Requests.needed("kind", order.kind()));
    if (!BY_PERSON.contains(kind)) {
      throw Requests.wrong("kind", "is machine, operator or concentrator: meters enrol by EST");
    }
    String name = Requests.needed("name", order.name());
    byte[] der;
    try {
      der = Base64.getMimeDecoder().decode(bare(order.csr()));
    } catch (IllegalArgumentException e) {
      throw Requests.wrong("csr", "is a PKCS #10 request, PEM or base64");
    }
    X509Certificate certificate;
    try {
      Csr csr = Csr.read(der);
      certificate = tried(() -> certificates().issue(kind, name, csr, Audit.actor()));
    } catch (Csr.Refused e) {
      throw Requests.wrong("csr", String.valueOf(e.getMessage()));
    }
    return CertificateView.of(
        known(certificate.getSerialNumber().toString(16)),
        office.clock().instant(),
        CertificatePem.of(certificates().authority().chain(certificate)));
  }

  @PostMapping("/{serial}/revoke")
  CertificateView revoke(@PathVariable String serial, @RequestBody Revoke body) {
    StoredCertificate its = known(serial);
    String reason = body.reason() == null ? "unspecified" : body.reason();
    String note = body.note() == null ? "" : body.note();
    if (note.length() > 500) {
      throw Requests.wrong("note", "has at most 500 characters");
    }
    boolean done = tried(() -> certificates().revoke(its.serial(), reason, note, Audit.actor()));
    if (!done) {
      throw new FaultException(Fault.Code.CONFLICT, "certificate", "it is revoked already");
    }
    office.certificates().writeList();
    return CertificateView.of(known(serial), office.clock().instant(), null);
  }

  @PostMapping("/requests/{id}/approve")
  RequestView approve(@PathVariable long id) {
    return decide(id, true);
  }

  @PostMapping("/requests/{id}/refuse")
  RequestView refuse(@PathVariable long id) {
    return decide(id, false);
  }

  /** What is due is renewed by itself; this is for whoever does not want to wait. */
  @PostMapping("/renew")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void renew(@RequestBody Renew body) {
    switch (body.what()) {
      case "console" -> console.renew();
      case "office" -> certificates().renewOwn();
      case null, default -> throw Requests.wrong("what", "is console or office");
    }
  }

  private RequestView decide(long id, boolean approved) {
    if (office.store().enrolments().request(id).isEmpty()) {
      throw FaultException.notFound("request " + id, "there is no such request");
    }
    if (!certificates().decide(id, approved, Audit.actor())) {
      throw new FaultException(Fault.Code.CONFLICT, "request", "it was decided already");
    }
    return office
        .store()
        .enrolments()
        .request(id)
        .map(RequestView::of)
        .orElseThrow(() -> FaultException.notFound("request " + id, "there is no such request"));
  }

  private interface Try<T> {
    T done();
  }

  private static <T> T tried(Try<T> work) {
    try {
      return work.done();
    } catch (IllegalArgumentException e) {
      throw Requests.wrong("certificate", String.valueOf(e.getMessage()));
    }
  }

  private StoredCertificate known(String serial) {
    if (!serial.matches("[0-9a-fA-F]{1,40}")) {
      throw Requests.wrong("serial", "is hexadecimal digits");
    }
    return book()
        .find(new BigInteger(serial, 16))
        .orElseThrow(() ->
            FaultException.notFound("certificate", "none with this serial number was issued"));
  }

  private static Holder.Kind kind(String word) {
    return Holder.Kind.of(word)
        .orElseThrow(() ->
            Requests.wrong("kind", "is meter, concentrator, server, office, machine or operator"));
  }

  /** The base64 of a PEM block; a request on P-256 has some 500 characters. */
  private static String bare(@Nullable String csr) {
    return Requests.needed("csr", csr).replaceAll("-----[A-Z ]+-----", "").strip();
  }

  private static String fingerprint(X509Certificate certificate) {
    try {
      return HexFormat.of()
          .formatHex(
              java.security.MessageDigest.getInstance("SHA-256")
                  .digest(CertificatePem.der(certificate)));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is missing in this Java", e);
    }
  }

  private CertificateOffice certificates() {
    return office.certificates().office();
  }

  private CertificateBook book() {
    return office.store().certificates();
  }
}
