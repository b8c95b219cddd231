package org.gridwarden.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Certificates: who has which, who waits for one, what is revoked. */
@Command(
    name = "certificates",
    description = "Shows, issues and revokes certificates, through the running server.",
    footer = {
      "",
      "Examples:",
      "  ./gridwarden certificates list --state expiring",
      "  ./gridwarden certificates ca > office-root.pem",
      "  ./gridwarden certificates invite GW-0000001 --user sam",
      "  ./gridwarden certificates pending",
      "  ./gridwarden certificates approve 3 --user sam",
      "  ./gridwarden certificates issue machine scada --request scada.csr --user sam > scada.crt",
      "  ./gridwarden certificates issue machine scada --new-key scada.key --user sam > scada.crt",
      "  ./gridwarden certificates revoke a1b2c3 --reason keyCompromise --note 'stolen' --user sam",
    })
final class CertificatesCommand implements Runnable {
  private static final List<String> FIELDS =
      List.of("serial", "kind", "name", "state", "notBefore", "notAfter", "issuedBy", "reason");

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Without a verb: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(out());
  }

  @Command(name = "list", description = "Lists certificates, those that end first are first.")
  int list(
      @Mixin OfficeOptions office,
      @Option(
              names = "--state",
              paramLabel = "STATE",
              description = "good, expiring (within 30 days), expired or revoked.")
          @Nullable String state,
      @Option(
              names = "--kind",
              paramLabel = "KIND",
              description = "Of meter, concentrator, server, office, machine or operator.")
          @Nullable String kind,
      @Option(names = "--q", paramLabel = "PART", description = "A part of name or serial number.")
          @Nullable String part,
      @Option(names = "--page", defaultValue = "0", description = "Which page, from 0 on.")
          int page,
      @Option(names = "--size", defaultValue = "50", description = "How many a page, at most 1000.")
          int size,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    try (OfficeClient client = office.connect()) {
      JsonNode answer =
          client.get(
              "/certificates?page="
                  + page
                  + "&size="
                  + size
                  + JsonRows.query("state", state)
                  + JsonRows.query("kind", kind)
                  + JsonRows.query("q", part));
      if (json) {
        out().println(answer);
      } else {
        JsonRows.print(out(), answer.path("items"), FIELDS);
        out().println(answer.path("total").asLong() + " certificates");
      }
      return done();
    }
  }

  @Command(name = "show", description = "Prints a certificate as PEM, what is known of it before.")
  int show(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "SERIAL", description = "Its serial number, hexadecimal.")
          String serial) {
    try (OfficeClient client = office.connect()) {
      JsonNode answer = client.get("/certificates/" + serial(serial));
      for (String field : FIELDS) {
        if (!answer.path(field).isNull()) {
          out().println("# " + field + ": " + answer.path(field).asString(""));
        }
      }
      out().println("# key: " + answer.path("keyId").asString());
      out().print(answer.path("pem").asString());
      return done();
    }
  }

  @Command(
      name = "invite",
      description = "Lets meters enrol by EST once. Each secret is shown this once.")
  int invite(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "NAME", arity = "1..1000", description = "The meters' ids.")
          List<String> names,
      @Option(
              names = "--kind",
              paramLabel = "KIND",
              defaultValue = "meter",
              description = "meter or concentrator. Default: ${DEFAULT-VALUE}.")
          String kind,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    try (OfficeClient client = office.connect()) {
      JsonNode answer =
          client.post("/certificates/invitations", Map.of("kind", kind, "names", names));
      if (json) {
        out().println(answer);
      } else {
        JsonRows.print(out(), answer.path("items"), List.of("kind", "name", "secret", "until"));
      }
      return done();
    }
  }

  @Command(
      name = "issue",
      description = "Certifies a machine's, operator's or concentrator's key; prints the chain.")
  int issue(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "KIND", description = "machine, operator or concentrator.")
          String kind,
      @Parameters(paramLabel = "NAME", description = "Its name.") String name,
      @ArgGroup(multiplicity = "1") WhoseKey whose) {
    // somebody who may not ask leaves no key behind
    try (OfficeClient client = office.connect()) {
      String csr =
          whose.newKey == null
              ? request(Objects.requireNonNull(whose.request))
              : MachineKey.requestFor(name, whose.newKey);
      try {
        JsonNode answer =
            client.post("/certificates", Map.of("kind", kind, "name", name, "csr", csr));
        out().print(answer.path("pem").asString());
        return done();
      } catch (RuntimeException e) {
        if (whose.newKey != null) {
          forget(whose.newKey);
        }
        throw e;
      }
    }
  }

  /** A key that was made and certified by nobody. */
  private static void forget(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new Failure(file + " was not certified and cannot be deleted: " + e.getMessage());
    }
  }

  private static String request(Path file) {
    try {
      return Files.readString(file, StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new Failure(file + " cannot be read as PEM", Gridwarden.WRONG_INPUT);
    }
  }

  /** Whose private half is whose: one that is made here, or one that lies elsewhere. */
  static final class WhoseKey {
    @Option(
        names = "--request",
        required = true,
        paramLabel = "FILE",
        description = "A PKCS#10 request as PEM, as openssl req -new makes it.")
    private @Nullable Path request;

    @Option(
        names = "--new-key",
        required = true,
        paramLabel = "FILE",
        description = "Makes the key, on P-256, and leaves its private half in this file, as PEM.")
    private @Nullable Path newKey;
  }

  @Command(
      name = "revoke",
      description = "Revokes a certificate; connections that stand on it are cut.")
  int revoke(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "SERIAL", description = "Its serial number, hexadecimal.")
          String serial,
      @Option(
              names = "--reason",
              defaultValue = "unspecified",
              paramLabel = "REASON",
              description =
                  "unspecified, keyCompromise, affiliationChanged, superseded or"
                      + " cessationOfOperation. Default: ${DEFAULT-VALUE}.")
          String reason,
      @Option(
              names = "--note",
              defaultValue = "",
              paramLabel = "TEXT",
              description = "What there is to say.")
          String note) {
    try (OfficeClient client = office.connect()) {
      JsonNode answer =
          client.post(
              "/certificates/" + serial(serial) + "/revoke",
              Map.of("reason", reason, "note", note));
      out()
          .println(
              "revoked: "
                  + answer.path("kind").asString()
                  + " "
                  + answer.path("name").asString()
                  + ", "
                  + answer.path("reason").asString());
      return done();
    }
  }

  @Command(
      name = "renew",
      description = "Renews the server's own certificate now; what is due is renewed by itself.")
  int renew(
      @Mixin OfficeOptions office,
      @Parameters(
              paramLabel = "WHAT",
              defaultValue = "console",
              description = "console, or office: the device ports'. Default: ${DEFAULT-VALUE}.")
          String what) {
    try (OfficeClient client = office.connect()) {
      client.post("/certificates/renew", Map.of("what", what));
      out().println("renewed: " + what);
      return done();
    }
  }

  @Command(
      name = "pending",
      description = "Lists requests that a person decides: a name that has another key already.")
  int pending(
      @Mixin OfficeOptions office,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    try (OfficeClient client = office.connect()) {
      JsonNode answer = client.get("/certificates/requests");
      if (json) {
        out().println(answer);
      } else {
        JsonRows.print(
            out(),
            answer.path("items"),
            List.of("id", "kind", "name", "state", "asked", "proof", "keyId", "decidedBy"));
      }
      return done();
    }
  }

  @Command(name = "approve", description = "Lets a device have a certificate for its new key.")
  int approve(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "ID", description = "The request's number.") long id) {
    return decide(office, id, "approve");
  }

  @Command(name = "refuse", description = "Refuses a device a certificate for another key.")
  int refuse(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "ID", description = "The request's number.") long id) {
    return decide(office, id, "refuse");
  }

  private int decide(OfficeOptions office, long id, String act) {
    try (OfficeClient client = office.connect()) {
      JsonNode answer = client.post("/certificates/requests/" + id + "/" + act, Map.of());
      out()
          .println(
              answer.path("name").asString()
                  + ": request "
                  + id
                  + " is "
                  + answer.path("state").asString());
      return done();
    }
  }

  @Command(name = "crl", description = "Writes the revocation list, DER.")
  int crl(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "FILE", description = "Where to.") Path file) {
    try (OfficeClient client = office.connect();
        InputStream list = client.stream("/certificates/crl", "application/pkix-crl")) {
      Files.write(file, list.readAllBytes());
      out().println("written: " + file);
      return done();
    } catch (IOException e) {
      throw new Failure(file + " cannot be written: " + e.getMessage());
    }
  }

  @Command(
      name = "ca",
      description = "Prints the root that meters and machines are to trust, as PEM.")
  int authority(@Mixin OfficeOptions office) {
    try (OfficeClient client = office.connect()) {
      JsonNode answer = client.get("/certificates/authority");
      out().println("# SHA-256: " + answer.path("rootFingerprint").asString());
      out().println("# root until: " + answer.path("rootEnds").asString());
      out().println("# issuing until: " + answer.path("issuingEnds").asString());
      out()
          .println(
              answer.path("rootKeyHere").asBoolean()
                  ? "# its key lies in the data folder: take ca/root.p12 and ca/root-passphrase away"
                  : "# its key is elsewhere");
      out().print(answer.path("root").asString());
      return done();
    }
  }

  private int done() {
    out().flush();
    return Gridwarden.OK;
  }

  private static String serial(String text) {
    if (!text.matches("[0-9A-Fa-f]{1,40}")) {
      throw new Failure(
          "a serial number is hexadecimal digits: see certificates list", Gridwarden.WRONG_INPUT);
    }
    return text;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
