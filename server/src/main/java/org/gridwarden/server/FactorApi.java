package org.gridwarden.server;

import io.nayuki.qrcodegen.QrCode;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Secret;
import org.gridwarden.security.access.Totp;
import org.gridwarden.store.SecondFactors.Factor;
import org.gridwarden.store.User;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** One's own second factor: got, confirmed, taken away. */
@RestController
@RequestMapping("/api/v1/session/factor")
class FactorApi {
  private static final int QUIET_ZONE = 4;

  private final Accounts accounts;
  private final Factors factors;
  private final SessionApi sessions;

  FactorApi(Accounts accounts, Factors factors, SessionApi sessions) {
    this.accounts = accounts;
    this.factors = factors;
    this.sessions = sessions;
  }

  /**
   * How it stands.
   *
   * @param on whether logging in asks for it
   * @param required whether one of one's roles must have it
   * @param recoveryCodes how many are left
   */
  record FactorView(boolean on, boolean required, int recoveryCodes) {}

  /**
   * What an authenticator is given, once.
   *
   * @param secret to be typed in, base32
   * @param uri the same as an otpauth address
   * @param qr the address as a picture (SVG)
   */
  record Begun(String secret, String uri, String qr) {
    @Override
    public String toString() {
      return "Begun";
    }
  }

  /** A code of six digits, or a recovery code. */
  record Code(@Nullable String code) {
    @Override
    public String toString() {
      return "Code";
    }
  }

  /**
   * It is on.
   *
   * @param recoveryCodes each opens once in the place of a code; shown this once
   * @param session all others have ended
   */
  record Confirmed(List<String> recoveryCodes, SessionApi.Who session) {
    @Override
    public String toString() {
      return "Confirmed";
    }
  }

  @GetMapping
  FactorView get(HttpServletRequest request) {
    User user = sessions.user(request);
    Optional<Factor> factor = factors.find(user).filter(Factor::confirmed);
    return new FactorView(
        factor.isPresent(), factors.required(user), factor.map(Factor::codes).orElse(0));
  }

  @PostMapping
  Begun begin(HttpServletRequest request) {
    User user = sessions.user(request);
    try (Secret secret = factors.begin(user)) {
      String text = Totp.base32(secret);
      String label = URLEncoder.encode(user.name(), StandardCharsets.UTF_8);
      String uri =
          "otpauth://totp/Gridwarden:"
              + label
              + "?secret="
              + text
              + "&issuer=Gridwarden&algorithm=SHA1&digits="
              + Totp.DIGITS
              + "&period="
              + Totp.STEP_SECONDS;
      return new Begun(text, uri, svg(uri));
    }
  }

  @PostMapping("/confirm")
  Confirmed confirm(
      @RequestBody Code code, HttpServletRequest request, HttpServletResponse response) {
    User user = sessions.user(request);
    List<String> codes = factors.confirm(user, Requests.needed("code", code.code()));
    User now = accounts.endSessions(user, "user.sessions-ended");
    return new Confirmed(codes, sessions.begin(now, request, response));
  }

  /** With a last code, so that a browser that was left open does not suffice. */
  @DeleteMapping
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void remove(@RequestBody Code code, HttpServletRequest request) {
    User user = sessions.user(request);
    if (factors.required(user)) {
      throw new FaultException(
          Fault.Code.FORBIDDEN, "factor", "your roles must have one: ask an administrator");
    }
    accounts.showFactor(user, Requests.needed("code", code.code()), Requests.source(request));
    factors.remove(user.name(), new Actor(Actor.Kind.PERSON, user.name()));
  }

  /** One path of one-by-one squares: small, and without a style that the page's policy refuses. */
  static String svg(String text) {
    QrCode code = QrCode.encodeText(text, QrCode.Ecc.MEDIUM);
    int side = code.size + 2 * QUIET_ZONE;
    StringBuilder path = new StringBuilder();
    for (int y = 0; y < code.size; y++) {
      for (int x = 0; x < code.size; x++) {
        if (code.getModule(x, y)) {
          path.append('M')
              .append(x + QUIET_ZONE)
              .append(',')
              .append(y + QUIET_ZONE)
              .append("h1v1h-1z");
        }
      }
    }
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 "
        + side
        + " "
        + side
        + "\" shape-rendering=\"crispEdges\"><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>"
        + "<path fill=\"#000\" d=\""
        + path
        + "\"/></svg>";
  }
}
