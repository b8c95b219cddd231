package org.gridwarden.headend.est;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gridwarden.core.Fault;
import org.gridwarden.headend.certificate.CertificateOffice;
import org.gridwarden.headend.certificate.Enrolment;
import org.gridwarden.headend.certificate.Proof;
import org.gridwarden.security.certificate.CertificateBag;
import org.gridwarden.security.certificate.CertificatePem;
import org.gridwarden.security.certificate.Csr;
import org.gridwarden.security.certificate.EnrolmentTls.Caller;
import org.gridwarden.security.certificate.Holder;

/**
 * Answers requests of EST (RFC 7030), for the revocation list, and of OCSP. Who asks is known
 * before what is asked is looked at. Thread-safe.
 */
final class EstDesk {
  private static final String EST = "/.well-known/est/";
  private static final String CERTIFICATES = "application/pkcs7-mime; smime-type=certs-only";
  private static final String CONCENTRATOR = "concentrator/";
  private static final int LATER_SECONDS = 60;
  private static final Pattern NUMBERED = Pattern.compile("/(crl|issuing)/([0-9]{1,4})");

  private final CertificateOffice office;

  EstDesk(CertificateOffice office) {
    this.office = office;
  }

  HttpAnswer answer(HttpRequest request, Caller caller) {
    String path = request.path();
    return switch (path) {
      case EST + "cacerts" -> get(request, this::authorities);
      case EST + "csrattrs" ->
          get(request, () -> HttpAnswer.base64("application/csrattrs", CertificateBag.wanted()));
      case EST + "simpleenroll" -> post(request, () -> enrol(request, caller));
      case EST + "simplereenroll" -> post(request, () -> again(request, caller));
      case EST + "fullcmc", EST + "serverkeygen" ->
          HttpAnswer.text(501, "not done here: make your own key and use simpleenroll");
      case "/crl" ->
          get(request, () -> HttpAnswer.bytes("application/pkix-crl", office.revocationList()));
      case "/ocsp" -> post(request, () -> status(request.body()));
      default -> numbered(request, path);
    };
  }

  private HttpAnswer numbered(HttpRequest request, String path) {
    if (path.startsWith("/ocsp/")) {
      return get(request, () -> statusOf(path.substring("/ocsp/".length())));
    }
    Matcher matcher = NUMBERED.matcher(path);
    if (matcher.matches()) {
      int number = Integer.parseInt(matcher.group(2));
      Optional<HttpAnswer> found =
          matcher.group(1).equals("crl")
              ? office
                  .revocationList(number)
                  .map(list -> HttpAnswer.bytes("application/pkix-crl", list))
              : issuing(number);
      if (found.isPresent()) {
        return get(request, found::get);
      }
    }
    return HttpAnswer.text(
        404,
        "there are /.well-known/est/cacerts, csrattrs, simpleenroll, simplereenroll, and /crl,"
            + " /crl/N and /issuing/N of the issuing authority N, and /ocsp");
  }

  private Optional<HttpAnswer> issuing(int number) {
    return office.authority().inForce().stream()
        .filter(i -> i.number() == number)
        .findFirst()
        .map(i ->
            HttpAnswer.bytes(
                "application/pkix-cert", CertificatePem.der(i.credential().certificate())));
  }

  private interface Act {
    HttpAnswer done();
  }

  private static HttpAnswer get(HttpRequest request, Act act) {
    return request.method().equals("GET")
        ? act.done()
        : HttpAnswer.text(405, "GET it").with("Allow: GET");
  }

  private static HttpAnswer post(HttpRequest request, Act act) {
    return request.method().equals("POST")
        ? act.done()
        : HttpAnswer.text(405, "POST it").with("Allow: POST");
  }

  private HttpAnswer authorities() {
    List<java.security.cert.X509Certificate> all = new ArrayList<>(office.authority().issuing());
    all.add(office.authority().root());
    return HttpAnswer.base64(CERTIFICATES, CertificateBag.of(all));
  }

  private HttpAnswer enrol(HttpRequest request, Caller caller) {
    Optional<Proof> proof =
        switch (caller) {
          case Caller.Made made -> Optional.of(new Proof.Made(made.serial()));
          case Caller.Known known ->
              Optional.of(new Proof.Present(known.holder(), known.certificate()));
          case Caller.Stranger _ -> basic(request);
        };
    if (proof.isEmpty() || proof.get() instanceof Proof.Secret secret && !office.invited(secret)) {
      return HttpAnswer.text(
              401, "enrol with the meter's id and the secret of its invitation, or a certificate")
          .with("WWW-Authenticate: Basic realm=\"Gridwarden enrolment\"");
    }
    return decided(request, proof.get());
  }

  private HttpAnswer again(HttpRequest request, Caller caller) {
    return caller instanceof Caller.Known known
        ? decided(request, new Proof.Present(known.holder(), known.certificate()))
        : HttpAnswer.text(403, "show the certificate that is to be renewed");
  }

  private HttpAnswer decided(HttpRequest request, Proof proof) {
    if (request
        .field("content-type")
        .filter(t -> t.toLowerCase(java.util.Locale.ROOT).startsWith("application/pkcs10"))
        .isEmpty()) {
      return HttpAnswer.text(415, "send application/pkcs10: DER in base64");
    }
    byte[] der;
    try {
      der = Base64.getMimeDecoder().decode(request.body());
    } catch (IllegalArgumentException e) {
      return HttpAnswer.text(400, "the request is not base64");
    }
    Csr csr;
    try {
      csr = Csr.read(der);
    } catch (Csr.Refused e) {
      return HttpAnswer.text(400, String.valueOf(e.getMessage()));
    }
    return switch (office.enrol(csr, der, proof)) {
      case Enrolment.Issued(var certificate) ->
          HttpAnswer.base64(CERTIFICATES, CertificateBag.of(List.of(certificate)));
      case Enrolment.Waiting waiting ->
          HttpAnswer.text(
                  202, "a person must approve request " + waiting.request() + ": ask again later")
              .with("Retry-After: " + LATER_SECONDS);
      case Enrolment.Refused(var fault) ->
          HttpAnswer.text(status(fault.code()), fault.where() + ": " + fault.remedy());
    };
  }

  private static int status(Fault.Code code) {
    return switch (code) {
      case UNAUTHENTICATED -> 401;
      case BUSY -> 503;
      default -> 403;
    };
  }

  /** Name and secret (RFC 7617); a concentrator's name stands behind {@code concentrator/}. */
  private static Optional<Proof> basic(HttpRequest request) {
    String field = request.field("authorization").orElse("");
    if (!field.regionMatches(true, 0, "Basic ", 0, 6)) {
      return Optional.empty();
    }
    String pair;
    try {
      pair =
          new String(
              Base64.getDecoder().decode(field.substring(6).strip()), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    // a meter's id may hold a colon, the secret holds none
    int colon = pair.lastIndexOf(':');
    if (colon < 1 || pair.length() > 512 || pair.indexOf('\0') >= 0) {
      return Optional.empty();
    }
    String name = pair.substring(0, colon);
    String secret = pair.substring(colon + 1);
    return Optional.of(
        name.startsWith(CONCENTRATOR)
            ? Proof.Secret.of(
                Holder.Kind.CONCENTRATOR, name.substring(CONCENTRATOR.length()), secret)
            : Proof.Secret.of(Holder.Kind.METER, name, secret));
  }

  private HttpAnswer status(byte[] question) {
    return HttpAnswer.bytes("application/ocsp-response", office.status(question));
  }

  private HttpAnswer statusOf(String text) {
    try {
      String plain =
          java.net.URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.US_ASCII);
      return status(Base64.getDecoder().decode(plain));
    } catch (IllegalArgumentException e) {
      return HttpAnswer.text(400, "the question is not base64");
    }
  }
}
