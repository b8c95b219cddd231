package org.gridwarden.server;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Layer;
import org.gridwarden.exchange.export.ExportPart;
import org.gridwarden.exchange.greenbutton.GreenButtonExport;
import org.gridwarden.security.access.SpokenCode;
import org.gridwarden.store.Consent;
import org.gridwarden.store.ConsentBook;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Green Button Connect My Data: a third party exchanges a consumer's code for a token, and gets
 * with it what the consumer let it see, as long as they do. Asked by programs with tokens of their
 * own; sessions and the office's keys open nothing here.
 */
@RestController
@RequestMapping("/espi/1_1")
class EspiApi {
  private static final Duration USUAL_RANGE = Duration.ofDays(31);
  private static final String BEARER = "Bearer ";
  private static final String BASIC = "Basic ";
  private static final int LONGEST = 400;
  private static final int TOKEN_LENGTH = 40; // 200 bits

  private final Office office;
  private final ConsentBook consents;
  private final ExportDesk desk;

  EspiApi(Office office) {
    this.office = office;
    this.consents = office.store().consents();
    this.desk = new ExportDesk(office);
  }

  /**
   * A token (RFC 6749, 5.1), and where what it opens stands.
   *
   * @param access_token shown this once
   * @param expires_in seconds
   */
  @SuppressWarnings("checkstyle:RecordComponentName") // the protocol's names
  record Token(
      String access_token, String token_type, long expires_in, String scope, String resourceURI) {
    @Override
    public String toString() {
      return "Token[" + resourceURI + "]";
    }
  }

  /** The code grant; the client's id and secret stand in Basic (RFC 6749, 2.3.1). */
  @PostMapping(path = "/oauth/token", produces = MediaType.APPLICATION_JSON_VALUE)
  Token token(
      @RequestParam(name = "grant_type", defaultValue = "") String grant,
      @RequestParam(defaultValue = "") String code,
      @Parameter(hidden = true) HttpServletRequest request) {
    String[] client = client(request.getHeader("Authorization"));
    if (!grant.equals("authorization_code")) {
      throw Requests.wrong("grant_type", "is authorization_code");
    }
    String token = "ga_" + SpokenCode.random(TOKEN_LENGTH, 0);
    Consent consent =
        consents
            .exchange(
                client[0],
                SpokenCode.hash(client[1]),
                SpokenCode.hash(code.length() > LONGEST ? "" : code),
                SpokenCode.hash(token))
            .orElseThrow(() ->
                new FaultException(
                    Fault.Code.UNAUTHENTICATED,
                    "code",
                    "client, secret and code do not fit, or the code was used or is old: ask the"
                        + " consumer for another consent"));
    return new Token(
        token,
        "Bearer",
        Duration.between(office.clock().instant(), consent.until()).toSeconds(),
        consent.scope(),
        "/espi/1_1/resource/Batch/Subscription/" + consent.id());
  }

  private static String[] client(@Nullable String header) {
    if (header != null && header.startsWith(BASIC) && header.length() <= LONGEST) {
      try {
        String[] parts =
            new String(
                    Base64.getDecoder().decode(header.substring(BASIC.length()).strip()),
                    StandardCharsets.UTF_8)
                .split(":", 2);
        if (parts.length == 2 && !parts[0].isEmpty()) {
          return parts;
        }
      } catch (IllegalArgumentException e) {
        // said below
      }
    }
    throw new FaultException(
        Fault.Code.UNAUTHENTICATED,
        "Authorization",
        "send the client's id and secret: Basic, base64 of id:secret");
  }

  @ApiResponse(
      responseCode = "200",
      content = @Content(mediaType = "application/atom+xml", schema = @Schema(type = "string")))
  @GetMapping("/resource/Batch/Subscription/{id}")
  void subscription(
      @PathVariable String id,
      @RequestParam(name = "published-min") @Nullable String from,
      @RequestParam(name = "published-max") @Nullable String to,
      @Parameter(hidden = true) HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    Consent consent = consent(request.getHeader("Authorization"));
    if (!consent.id().toString().equals(id)) {
      throw new FaultException(
          Fault.Code.FORBIDDEN, "subscription", "this token is another subscription's");
    }
    Instant since = since(consent);
    Instant end =
        to == null || to.isEmpty()
            ? office.clock().instant()
            : Requests.instant("published-max", to);
    Instant begin =
        from == null || from.isEmpty()
            ? end.minus(USUAL_RANGE)
            : Requests.instant("published-min", from);
    if (!begin.isBefore(end) || Duration.between(begin, end).toDays() > ExportDesk.MOST_DAYS) {
      throw Requests.wrong(
          "published-min", "is before published-max, by at most " + ExportDesk.MOST_DAYS + " days");
    }
    List<ExportPart> parts =
        desk.parts(consent.servicePoint(), begin.isBefore(since) ? since : begin, end, Layer.FINAL);
    if (parts.isEmpty()) {
      throw FaultException.notFound("subscription", "no meter was there at that time");
    }
    response.setContentType("application/atom+xml");
    desk.greenButton(
        new GreenButtonExport.Subject(
            consent.id(),
            consent.servicePoint(),
            parts.getFirst().meter().zone(),
            office.clock().instant()),
        parts,
        response.getOutputStream());
  }

  private Instant since(Consent consent) {
    Map<String, Instant> points = office.store().customerPoints().of(consent.user());
    return Optional.ofNullable(points.get(consent.servicePoint())).orElseThrow(EspiApi::noToken);
  }

  /** The consent behind a token, asked for each time: a withdrawal counts at once. */
  private Consent consent(@Nullable String header) {
    if (header == null || !header.startsWith(BEARER) || header.length() > LONGEST) {
      throw noToken();
    }
    return consents
        .use(SpokenCode.hash(header.substring(BEARER.length()).strip()))
        .orElseThrow(EspiApi::noToken);
  }

  private static FaultException noToken() {
    return new FaultException(
        Fault.Code.UNAUTHENTICATED,
        "Authorization",
        "no consent stands behind this: it was withdrawn, is over, or was never given");
  }
}
