package org.gridwarden.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.P256;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.gridwarden.security.command.TrustList;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Whom meters obey: the trust root's lists. */
@Command(
    name = "trust",
    description =
        "Says whom meters obey: a list of operators' and firmware makers' keys under the trust"
            + " root's signature. The root's key is a security administrator's, made as any"
            + " (command key new); its public half is in the meters from their making. No server"
            + " has it, so no server can put itself on the list.",
    footer = {
      "",
      "Examples:",
      "  ./gridwarden command trust root --key root.p12 --pem root.pem",
      "  ./gridwarden command trust root --key root.p12 --user sam",
      "  ./gridwarden command trust sign trust-1.list --version 1 --operator olivia.pem --maker maker.pem --key root.p12",
      "  ./gridwarden command trust show trust-1.list --root root.pem",
      "  ./gridwarden command trust send trust-1.list --user sam",
      "  ./gridwarden command trust show",
    })
final class CommandTrustCommand implements Runnable {
  private static final int LONGEST = 16 << 10;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Without a verb: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(out());
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  @Command(
      name = "root",
      description =
          "Names the root, once: its public half into a file for meters' makers, or to the office.")
  int root(
      @Mixin OfficeOptions office,
      @Mixin SignerOptions signer,
      @Option(
              names = "--pem",
              paramLabel = "FILE",
              description = "Writes the public half there, and asks no office.")
          @Nullable Path pem) {
    PublicKey key = signer.open().publicKey();
    String id = HexFormat.of().formatHex(Signed.keyId(key));
    if (pem != null) {
      write(pem, P256.pem(key).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      out().println("root " + id + " is in " + pem);
    } else {
      try (OfficeClient client = office.connect()) {
        client.post(
            "/trust/root", Map.of("spki", Base64.getEncoder().encodeToString(key.getEncoded())));
      }
      out().println("root " + id + " signs whom meters obey, as the office sees it");
    }
    out().println("fingerprint " + Fingerprints.of(key.getEncoded()));
    out().flush();
    return Gridwarden.OK;
  }

  @Command(name = "sign", description = "Makes a list and signs it with the root, here.")
  int sign(
      @Mixin SignerOptions signer,
      @Parameters(paramLabel = "FILE", description = "Where the list goes; not written over.")
          Path file,
      @Option(
              names = "--version",
              required = true,
              paramLabel = "N",
              description = "Greater than that of the list before.")
          long version,
      @Option(
              names = "--operator",
              paramLabel = "PEM",
              description = "The public key of somebody whose orders meters obey; any number.")
          @Nullable List<Path> operators,
      @Option(
              names = "--maker",
              paramLabel = "PEM",
              description = "The public key of a maker whose firmware meters run; any number.")
          @Nullable List<Path> makers) {
    try {
      TrustList list = new TrustList(version, keys(operators), keys(makers));
      Signer root = signer.open();
      print(list);
      write(file, list.sign(root));
      out().println("signed by " + SeenOrder.keyId(root) + " in " + file);
    } catch (CommandException | IllegalArgumentException e) {
      throw new Failure(String.valueOf(e.getMessage()), Gridwarden.WRONG_INPUT);
    }
    out().flush();
    return Gridwarden.OK;
  }

  @Command(
      name = "show",
      description = "Shows a list in a file, or the office's newest and how many meters have it.")
  int show(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "FILE", arity = "0..1", description = "A signed list.")
          @Nullable Path file,
      @Option(
              names = "--root",
              paramLabel = "PEM",
              description = "Checks the file's signature with this root.")
          @Nullable Path root,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    if (file != null) {
      showFile(file, root);
    } else {
      try (OfficeClient client = office.connect()) {
        JsonNode answer = client.get("/trust");
        if (json) {
          out().println(answer);
        } else {
          showOffice(answer);
        }
      }
    }
    out().flush();
    return Gridwarden.OK;
  }

  private void showFile(Path file, @Nullable Path root) {
    try {
      byte[] signed = read(file);
      TrustList list =
          root == null
              ? TrustList.parse(Signed.parse(signed).unverified())
              : TrustList.open(signed, key(root));
      print(list);
      out()
          .println(
              (root == null ? "said to be signed by " : "signed by ")
                  + HexFormat.of().formatHex(Signed.parse(signed).keyId())
                  + (root == null ? "; not checked: name --root PEM" : ""));
    } catch (CommandException e) {
      throw new Failure(file + ": " + e.getMessage(), Gridwarden.WRONG_INPUT);
    }
  }

  private void showOffice(JsonNode answer) {
    JsonNode root = answer.path("root");
    out().println("root " + (root.isString() ? root.asString() : "is not named yet"));
    out().println("version " + answer.path("version").asLong());
    answer.path("operators").forEach(id -> out().println("operator " + id.asString()));
    answer.path("makers").forEach(id -> out().println("maker " + id.asString()));
    JsonNode meters = answer.path("meters");
    out()
        .println(
            "meters: "
                + meters.path("current").asLong()
                + " have it, "
                + meters.path("older").asLong()
                + " have an older one or none yet, "
                + meters.path("unasked").asLong()
                + " were not asked yet, "
                + meters.path("without").asLong()
                + " take none");
  }

  @Command(
      name = "send",
      description = "Hands a signed list to the office, which brings it to the meters.")
  int send(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "FILE", description = "A signed list.") Path file) {
    byte[] signed = read(file);
    try (OfficeClient client = office.connect()) {
      JsonNode answer =
          client.post("/trust/lists", Map.of("list", Base64.getEncoder().encodeToString(signed)));
      showOffice(answer);
    }
    out().flush();
    return Gridwarden.OK;
  }

  private void print(TrustList list) {
    out().println("version " + list.version());
    list.operators().forEach(key -> out().println("operator " + id(key)));
    list.makers().forEach(key -> out().println("maker " + id(key)));
  }

  private static String id(PublicKey key) {
    return HexFormat.of().formatHex(Signed.keyId(key));
  }

  private static List<PublicKey> keys(@Nullable List<Path> files) throws CommandException {
    List<PublicKey> keys = new ArrayList<>();
    for (Path file : files == null ? List.<Path>of() : files) {
      keys.add(key(file));
    }
    return keys;
  }

  private static PublicKey key(Path file) throws CommandException {
    return P256.publicKey(new String(read(file), java.nio.charset.StandardCharsets.US_ASCII));
  }

  private static byte[] read(Path file) {
    try {
      if (Files.size(file) > LONGEST) {
        throw new Failure(file + " is longer than a list or key can be", Gridwarden.WRONG_INPUT);
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new Failure(file + " cannot be read: " + e.getMessage(), Gridwarden.WRONG_INPUT);
    }
  }

  private static void write(Path file, byte[] bytes) {
    try {
      Files.write(file, bytes, StandardOpenOption.CREATE_NEW);
    } catch (IOException e) {
      throw new Failure(file + " cannot be written, or is there already: " + e.getMessage());
    }
  }
}
