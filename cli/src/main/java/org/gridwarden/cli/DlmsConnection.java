package org.gridwarden.cli;

import java.io.EOFException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.HlsProver;
import org.gridwarden.dlms.UdpLink;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRefused;
import org.gridwarden.dlms.client.AssociationRequest;
import org.gridwarden.dlms.security.Hls;
import org.gridwarden.dlms.security.SecurityContext;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which meter, over which link, as whom: what every command that asks a meter takes. */
final class DlmsConnection {
  /** How to prove who one is. */
  enum Auth {
    NONE,
    LLS,
    MD5,
    SHA1,
    GMAC,
    SHA256,
    ECDSA
  }

  /** What is done with a meter; tells whether all of it went well. */
  interface Work {
    boolean with(Association meter) throws IOException, DlmsException, AssociationRefused;
  }

  @Mixin private DlmsLinkOptions link = new DlmsLinkOptions();

  @Option(
      names = "--auth",
      paramLabel = "HOW",
      defaultValue = "none",
      description =
          "none, lls (a password), md5, sha1, sha256 (a secret), gmac (keys) or ecdsa (key pairs)."
              + " Default: ${DEFAULT-VALUE}.")
  private Auth auth = Auth.NONE;

  @Option(
      names = "--ciphered",
      description = "Protects every service with --key and --auth-key; gmac always does.")
  private boolean ciphered;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "10s",
      description = "How long to wait for each answer. Default: ${DEFAULT-VALUE}.")
  private Duration timeout = Duration.ofSeconds(10);

  @Option(
      names = "--short-names",
      description = "The meter names its objects by short names (SN referencing).")
  private boolean shortNames;

  @Option(
      names = "--max-pdu",
      paramLabel = "BYTES",
      defaultValue = "0",
      description = "The longest APDU that is taken, from 64. Default: 65535.")
  private int maxPdu;

  @Mixin private DlmsSecurityOptions security = new DlmsSecurityOptions();

  private static final ObisCode CURRENT = ObisCode.parse("0.0.40.0.0.255");

  private Optional<ProgressLink> progress = Optional.empty();

  /**
   * Opens an association, does the work and releases it. What goes wrong becomes a {@link Failure}
   * that names the remedy.
   *
   * @param err where progress is shown
   */
  int run(PrintWriter err, Work work) {
    try (Association meter = open(err)) {
      return work.with(meter) ? Gridwarden.OK : Gridwarden.FAILED;
    } catch (AssociationRefused e) {
      throw failed(e.getMessage() + remedy(String.valueOf(e.getMessage())));
    } catch (DlmsException e) {
      throw failed(
          e.describe()
              + (e.kind() == DlmsException.Kind.UNAUTHENTICATED
                  ? "; check --key and --auth-key"
                  : ""));
    } catch (IOException e) {
      throw failed(said(e));
    }
  }

  private Failure failed(String what) {
    return new Failure(link.place() + ": " + what);
  }

  private String said(IOException e) {
    return switch (e) {
      case ConnectException _, NoRouteToHostException _, PortUnreachableException _ ->
          "nothing answers there; check --host and --port, and that the meter is on line";
      case UnknownHostException _ -> "there is no such host";
      case SocketTimeoutException _ ->
          "no answer within "
              + Durations.text(timeout)
              + "; the meter may not know client "
              + link.client()
              + " or server "
              + link.device()
              + ", or need longer: --client, --server, --timeout";
      case EOFException _ ->
          "the meter closed the connection; it may not know client "
              + link.client()
              + " or server "
              + link.device();
      default -> e.getMessage() + "";
    };
  }

  /** The standard's diagnostics, and what helps against them. */
  private String remedy(String why) {
    if (why.contains("not negotiated")) {
      return "; the meter does not offer that service";
    }
    if (why.contains("authentication failed")) {
      return switch (auth) {
        case NONE, LLS, MD5, SHA1, SHA256 -> "; check --password and --client";
        case ECDSA -> "; check --sign-key, --cert, --suite and --client";
        case GMAC -> "; check --key, --auth-key, --suite and --client";
      };
    }
    if (why.contains("required") || why.contains("not recognised")) {
      return "; client " + link.client() + " takes another --auth than " + word();
    }
    if (why.contains("context is not supported")) {
      return auth == Auth.GMAC
          ? "; client " + link.client() + " takes no ciphering: another --auth or --client"
          : "; client " + link.client() + " takes ciphering alone: --auth gmac with keys";
    }
    if (why.contains("deciphering error")) {
      return "; check --key and --auth-key";
    }
    if (why.contains("counter error")) {
      return "; the meter has seen a greater counter: use the --counter-file of that system title";
    }
    return why.contains("no reason given")
        ? "; the meter may not know client " + link.client() + ", or need another --auth"
        : "";
  }

  private String word() {
    return auth.name().toLowerCase(Locale.ROOT);
  }

  private Association open(PrintWriter err) throws IOException, DlmsException, AssociationRefused {
    // wrong options before the meter is bothered
    link.check();
    AssociationRequest request = request().withPatience(timeout);
    if (shortNames) {
      request = request.withShortNames();
    }
    if (maxPdu != 0) {
      request = request.withMaxPdu(maxPdu);
    } else if (link.isUdp()) {
      request = request.withMaxPdu(UdpLink.MAX_APDU);
    }
    ProgressLink shown = new ProgressLink(link.open(timeout), err);
    progress = Optional.of(shown);
    return Association.open(shown, request);
  }

  /** The association's own object list: of class 15, or 12 with short names. */
  AttributeRef objectList() {
    return new AttributeRef(shortNames ? 12 : 15, CURRENT, 2);
  }

  boolean shortNames() {
    return shortNames;
  }

  /** Takes what shows the progress away: something is printed now. */
  void quiet() {
    progress.ifPresent(ProgressLink::clear);
  }

  private AssociationRequest request() {
    AssociationRequest request =
        switch (auth) {
          case NONE -> AssociationRequest.open();
          case LLS -> AssociationRequest.password(security.secret("lls"));
          case MD5 -> high(Hls.md5(security.secret("md5")));
          case SHA1 -> high(Hls.sha1(security.secret("sha1")));
          case SHA256 -> high(Hls.sha256(security.secret("sha256")));
          case ECDSA -> high(security.ecdsa());
          case GMAC -> AssociationRequest.gmac(context());
        };
    return ciphered && auth != Auth.GMAC ? request.ciphered(context()) : request;
  }

  private AssociationRequest high(HlsProver prover) {
    return AssociationRequest.high(prover).withTitle(security.title("GWC"));
  }

  private SecurityContext context() {
    return security.context(security.title("GWC"), security.keys(), security.counter());
  }
}
