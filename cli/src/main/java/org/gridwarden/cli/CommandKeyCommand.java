package org.gridwarden.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.gridwarden.security.command.TrustFolder;
import org.gridwarden.security.thirdparty.OperatorTitle;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Operators' keys: made, asked for, taken, revoked. */
@Command(
    name = "key",
    description =
        "Makes an operator's key in a file or a token, has the office take it, and revokes it."
            + " The office only ever sees the public half.",
    footer = {
      "",
      "Examples:",
      "  ./gridwarden command key new olivia.p12 --alias olivia",
      "  ./gridwarden command key new --token /usr/lib/softhsm/libsofthsm2.so --alias olivia",
      "  ./gridwarden command key request --key olivia.p12 --user olivia",
      "  ./gridwarden command key list --user sam",
      "  ./gridwarden command key approve 5f0c3b9e2a7d1148 --user sam",
    })
final class CommandKeyCommand implements Runnable {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Without a verb: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(out());
  }

  @Command(
      name = "new",
      description =
          "Makes a key on P-256: in a PKCS#12 file, or in a token, which it never leaves.")
  int make(
      @Parameters(
              paramLabel = "FILE.p12",
              arity = "0..1",
              description = "Where to; not written over.")
          @Nullable Path file,
      @Option(
              names = "--token",
              paramLabel = "LIBRARY[:SLOT]",
              description = "Or in this PKCS#11 token.")
          @Nullable String token,
      @Option(
              names = "--alias",
              paramLabel = "NAME",
              defaultValue = "operator",
              description = "What it is called. Default: ${DEFAULT-VALUE}.")
          String alias,
      @Option(
              names = "--key-password",
              paramLabel = "PLACE",
              description =
                  "Where the file's new password or the token's PIN is: file:PATH or env:NAME."
                      + " Default: GRIDWARDEN_KEY_PASSWORD; without it, it is asked for.")
          @Nullable String password) {
    if (file == null == (token == null)) {
      throw new Failure("name a FILE.p12 or a --token", Gridwarden.WRONG_INPUT);
    }
    PublicKey key;
    if (file != null) {
      key = OperatorKeyFile.make(file, alias, secret(password, "New password of " + file, true));
    } else {
      OperatorToken place = OperatorToken.of(String.valueOf(token));
      key = place.make(alias, secret(password, "PIN of the token " + token, false));
    }
    out().println("key " + HexFormat.of().formatHex(Signed.keyId(key)) + " '" + alias + "'");
    out().println("fingerprint " + Fingerprints.of(key.getEncoded()));
    out().println("have it taken: command key request, then a security administrator approves it");
    out().flush();
    return Gridwarden.OK;
  }

  private static char[] secret(@Nullable String place, String what, boolean twice) {
    return Passwords.of("--key-password", place, "GRIDWARDEN_KEY_PASSWORD", what, twice);
  }

  @Command(
      name = "request",
      description = "Asks the office to take your key. A security administrator approves it.")
  int request(
      @Mixin OfficeOptions office,
      @Mixin SignerOptions signer,
      @Option(
              names = "--name",
              paramLabel = "TEXT",
              defaultValue = "key",
              description = "What you call it. Default: ${DEFAULT-VALUE}.")
          String name) {
    byte[] spki = signer.open().publicKey().getEncoded();
    try (OfficeClient client = office.connect()) {
      JsonNode key =
          client.post(
              "/operator-keys",
              Map.of(
                  "spki", Base64.getEncoder().encodeToString(spki),
                  "name", name,
                  "kind", signer.kind()));
      out().println("key " + key.path("keyId").asString() + " is asked for");
      out().println("fingerprint " + Fingerprints.of(spki));
      out()
          .println(
              "read it out to a security administrator, who compares it: command key approve "
                  + key.path("keyId").asString());
      out().flush();
      return Gridwarden.OK;
    }
  }

  @Command(
      name = "export",
      description =
          "Puts your key's public half into a folder of keys that meters obey, as whoever services"
              + " meters does: for the simulator's, and for a last gate.")
  int export(
      @Mixin SignerOptions signer,
      @Parameters(paramLabel = "DIR", description = "The folder.") Path folder) {
    Signer key = signer.open();
    try {
      new TrustFolder(folder).put(key.publicKey());
    } catch (IOException e) {
      throw new Failure(folder + " cannot be written: " + e.getMessage());
    }
    out().println("key " + SeenOrder.keyId(key) + " is obeyed by what reads " + folder);
    out().flush();
    return Gridwarden.OK;
  }

  @Command(
      name = "list",
      description = "Lists keys: an operator their own, security administrators and auditors all.")
  int list(
      @Mixin OfficeOptions office,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    try (OfficeClient client = office.connect()) {
      JsonNode answer = client.get("/operator-keys");
      if (json) {
        out().println(answer);
      } else {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode key : answer.path("items")) {
          byte[] spki = Base64.getDecoder().decode(key.path("spki").asString());
          rows.add(
              List.of(
                  key.path("keyId").asString(),
                  key.path("operator").asString(),
                  key.path("state").asString(),
                  key.path("kind").asString(),
                  key.path("name").asString(),
                  key.path("since").asString(),
                  HexFormat.of()
                      .withUpperCase()
                      .formatHex(
                          OperatorTitle.of(HexFormat.of().parseHex(key.path("keyId").asString()))),
                  Fingerprints.of(spki)));
        }
        Table.print(
            out(),
            List.of("key", "operator", "state", "kind", "name", "since", "title", "fingerprint"),
            rows);
      }
      out().flush();
      return Gridwarden.OK;
    }
  }

  @Command(
      name = "approve",
      description = "Takes another person's key, once its fingerprint was compared by voice.")
  int approve(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "KEY", description = "The key's id.") String keyId) {
    try (OfficeClient client = office.connect()) {
      JsonNode key = client.post("/operator-keys/" + check(keyId) + "/approve", Map.of());
      out()
          .println(
              "key " + keyId + " of " + key.path("operator").asString() + " is taken: it signs");
      out().flush();
      return Gridwarden.OK;
    }
  }

  @Command(
      name = "revoke",
      description =
          "Revokes a key, or strikes off one that is asked for: nothing it signed and"
              + " is not sent yet is sent.")
  int revoke(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "KEY", description = "The key's id.") String keyId) {
    try (OfficeClient client = office.connect()) {
      client.delete("/operator-keys/" + check(keyId));
      out().println("key " + keyId + " signs no more");
      out().flush();
      return Gridwarden.OK;
    }
  }

  private static String check(String keyId) {
    if (!keyId.matches("[0-9A-Fa-f]{16}")) {
      throw new Failure(
          "a key's id is 16 hexadecimal digits: see command key list", Gridwarden.WRONG_INPUT);
    }
    return keyId;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
