package org.gridwarden.cli;

import java.io.EOFException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.gridwarden.dlms.ApduLink;
import org.gridwarden.dlms.AssociationCipher;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.SecurityControl;
import org.gridwarden.dlms.WrapperLink;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRefused;
import org.gridwarden.dlms.client.AssociationRequest;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which meter, over which link, as whom: what every command that asks a meter takes. */
final class DlmsConnection {
  /** How to prove who one is. */
  enum Auth {
    NONE,
    LLS,
    GMAC
  }

  /** What is done with a meter; tells whether all of it went well. */
  interface Work {
    boolean with(Association meter) throws IOException, DlmsException, AssociationRefused;
  }

  @Option(names = "--host", required = true, paramLabel = "HOST", description = "The meter.")
  private String host = "";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "4059",
      description = "Its TCP port. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--client",
      paramLabel = "N",
      defaultValue = "16",
      description = "As which client. Default: ${DEFAULT-VALUE}, the public one.")
  private int client;

  @Option(
      names = "--server",
      paramLabel = "N",
      defaultValue = "1",
      description = "Which logical device. Default: ${DEFAULT-VALUE}.")
  private int device;

  @Option(
      names = "--auth",
      paramLabel = "HOW",
      defaultValue = "none",
      description = "none, lls (a password) or gmac (keys). Default: ${DEFAULT-VALUE}.")
  private Auth auth = Auth.NONE;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "10s",
      description = "How long to wait for each answer. Default: ${DEFAULT-VALUE}.")
  private Duration timeout = Duration.ofSeconds(10);

  @Mixin private DlmsSecurityOptions security = new DlmsSecurityOptions();

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
    return new Failure(place() + ": " + what);
  }

  private String place() {
    return host + ":" + port;
  }

  private String said(IOException e) {
    return switch (e) {
      case ConnectException _, NoRouteToHostException _ ->
          "nothing answers there; check --host and --port, and that the meter is on line";
      case UnknownHostException _ -> "there is no such host";
      case SocketTimeoutException _ ->
          "no answer within "
              + Durations.text(timeout)
              + "; the meter may not know client "
              + client
              + " or server "
              + device
              + ", or need longer: --client, --server, --timeout";
      case EOFException _ ->
          "the meter closed the connection; it may not know client "
              + client
              + " or server "
              + device;
      default -> e.getMessage() + "";
    };
  }

  /** The standard's diagnostics, and what helps against them. */
  private String remedy(String why) {
    if (why.contains("authentication failed")) {
      return auth == Auth.LLS
          ? "; check --password and --client"
          : "; check --key, --auth-key and --client";
    }
    if (why.contains("required") || why.contains("not recognised")) {
      return "; client " + client + " takes another --auth than " + word();
    }
    if (why.contains("context is not supported")) {
      return auth == Auth.GMAC
          ? "; client " + client + " takes no ciphering: another --auth or --client"
          : "; client " + client + " takes ciphering alone: --auth gmac with keys";
    }
    if (why.contains("deciphering error")) {
      return "; check --key and --auth-key";
    }
    if (why.contains("counter error")) {
      return "; the meter has seen a greater counter: use the --counter-file of that system title";
    }
    return why.contains("no reason given")
        ? "; the meter may not know client " + client + ", or need another --auth"
        : "";
  }

  private String word() {
    return auth.name().toLowerCase(Locale.ROOT);
  }

  private Association open(PrintWriter err) throws IOException, DlmsException, AssociationRefused {
    AssociationRequest request = request(); // wrong options before the meter is bothered
    ProgressLink link = new ProgressLink(link(), err);
    progress = Optional.of(link);
    return Association.open(link, request.withPatience(timeout));
  }

  /** Takes what shows the progress away: something is printed now. */
  void quiet() {
    progress.ifPresent(ProgressLink::clear);
  }

  private ApduLink link() throws IOException {
    return WrapperLink.connect(new InetSocketAddress(host, port), client, device, timeout);
  }

  private AssociationRequest request() {
    return switch (auth) {
      case NONE -> AssociationRequest.open();
      case LLS -> {
        byte[] password = security.password();
        if (password.length == 0) {
          throw new Failure("lls takes --password", Gridwarden.WRONG_INPUT);
        }
        yield AssociationRequest.password(password);
      }
      case GMAC ->
          AssociationRequest.gmac(
              new AssociationCipher(
                  security.title("GWC"),
                  security.keys(),
                  SecurityControl.SUITE_0_AUTHENTICATED_ENCRYPTED,
                  security.counter()));
    };
  }
}
