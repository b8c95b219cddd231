package org.gridwarden.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.FirmwareManifest;
import org.gridwarden.security.command.FirmwareVersion;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Signed firmware images, and campaigns that bring them to meters, through the running server. */
@Command(
    name = "firmware",
    description =
        "Takes signed firmware images in and brings them to meters, ring by ring, through the"
            + " running server.",
    footer = {
      "",
      "Examples:",
      "  ./gridwarden firmware image sign fw.bin --model GW-1 --version 2.0.0 --minimum 1.0.0"
          + " --key maker.pem --public maker.pub.pem --out fw.sig",
      "  ./gridwarden firmware key maker.pub.pem --name 'the maker' --user sam",
      "  ./gridwarden firmware image add fw.bin --signature fw.sig",
      "  ./gridwarden firmware meter GW-0000001 --model GW-1 --version 1.0.0",
      "  ./gridwarden firmware campaign start GW-1 2.0.0 --reason 'security fix' --user olivia",
      "  ./gridwarden firmware campaign status",
    },
    subcommands = {FirmwareCommand.Image.class, FirmwareCommand.Campaign.class})
final class FirmwareCommand implements Runnable {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Without a verb: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(
      name = "key",
      description = "From now on this maker's signatures are taken; for a security administrator.")
  int key(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "FILE", description = "Its public key on P-256, PEM.") Path file,
      @Option(names = "--name", paramLabel = "TEXT", required = true, description = "Whose it is.")
          String name) {
    byte[] spki = PemFile.publicKey("FILE", file).getEncoded();
    try (OfficeClient client = office.connect()) {
      JsonNode answer =
          client.post(
              "/firmware/keys",
              Map.of("spki", Base64.getEncoder().encodeToString(spki), "name", name));
      print(spec, "key " + answer.path("keyId").asString());
      return Gridwarden.OK;
    }
  }

  @Command(name = "meter", description = "Says what a meter runs, as its inventory has it.")
  int meter(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "METER", description = "The meter's id.") String meter,
      @Option(names = "--model", required = true, description = "Its hardware model.") String model,
      @Option(names = "--version", required = true, description = "The version that it runs.")
          String version) {
    try (OfficeClient client = office.connect()) {
      client.put(
          "/meters/" + encode(meter) + "/firmware", Map.of("model", model, "version", version));
      return Gridwarden.OK;
    }
  }

  /** Images. */
  @Command(name = "image", description = "Firmware images with their makers' signatures.")
  static final class Image implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
      spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(name = "list", description = "The images that were taken in, the newest first.")
    int list(
        @Mixin OfficeOptions office,
        @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
      try (OfficeClient client = office.connect()) {
        JsonNode answer = client.get("/firmware/images");
        if (json) {
          print(spec, answer.toString());
        } else {
          table(
              spec,
              answer.path("items"),
              List.of("model", "version", "sha256", "added", "addedBy"));
        }
        return Gridwarden.OK;
      }
    }

    @Command(
        name = "add",
        description =
            "Takes an image in; refused where its manifest is not signed by a known maker, or the"
                + " image is not the one that was signed.")
    int add(
        @Mixin OfficeOptions office,
        @Parameters(paramLabel = "FILE", description = "The image.") Path file,
        @Option(
                names = "--signature",
                paramLabel = "FILE",
                required = true,
                description = "Its signed manifest (COSE_Sign1), as image sign makes it.")
            Path signature) {
      String signed = Base64.getUrlEncoder().encodeToString(read(signature, 64 << 10));
      try (OfficeClient client = office.connect()) {
        JsonNode answer =
            client.post(
                "/firmware/images?signature=" + encode(signed),
                "application/octet-stream",
                read(file, FirmwareManifest.LARGEST));
        print(
            spec,
            answer.path("model").asString()
                + " "
                + answer.path("version").asString()
                + ", SHA-256 "
                + answer.path("sha256").asString());
        return Gridwarden.OK;
      }
    }

    @Command(name = "sign", description = "Signs an image's manifest, as its maker does; offline.")
    int sign(
        @Parameters(paramLabel = "FILE", description = "The image.") Path file,
        @Option(names = "--model", required = true, description = "The hardware model it is for.")
            String model,
        @Option(names = "--version", required = true, description = "Its version, such as 2.0.1.")
            String version,
        @Option(
                names = "--minimum",
                defaultValue = "0.0.0",
                description = "What a meter must run at least.")
            String minimum,
        @Option(
                names = "--key",
                paramLabel = "FILE",
                required = true,
                description = "The maker's private key on P-256, PEM.")
            Path key,
        @Option(
                names = "--public",
                paramLabel = "FILE",
                required = true,
                description = "Its public half, PEM.")
            Path publicKey,
        @Option(
                names = "--out",
                paramLabel = "FILE",
                required = true,
                description = "Where the signed manifest goes.")
            Path to) {
      try {
        FirmwareManifest manifest =
            FirmwareManifest.of(
                model,
                FirmwareVersion.parse(version),
                FirmwareVersion.parse(minimum),
                read(file, FirmwareManifest.LARGEST));
        Signer signer =
            Signer.of(PemFile.privateKey("--key", key), PemFile.publicKey("--public", publicKey));
        Files.write(to, Signed.sign(Purpose.FIRMWARE, signer, manifest.bytes()).bytes());
        return Gridwarden.OK;
      } catch (IllegalArgumentException | CommandException e) {
        throw new Failure(String.valueOf(e.getMessage()), Gridwarden.WRONG_INPUT);
      } catch (IOException e) {
        throw new Failure(to + " cannot be written");
      }
    }
  }

  /** Campaigns. */
  @Command(
      name = "campaign",
      description = {
        "Brings an image to the meters of its model: a few first, more once those keep talking.",
        "Each update is a command of its own: a second person releases it, whoever started the"
            + " campaign signs it. Starting and resuming want a person: --user.",
        ""
      })
  static final class Campaign implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
      spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(name = "start", description = "Starts a campaign.")
    int start(
        @Mixin OfficeOptions office,
        @Parameters(index = "0", paramLabel = "MODEL", description = "The hardware model.")
            String model,
        @Parameters(index = "1", paramLabel = "VERSION", description = "The version they get.")
            String version,
        @Option(names = "--reason", required = true, description = "Why; it stands in the log.")
            String reason,
        @Option(
                names = "--plan",
                paramLabel = "FILE",
                description =
                    "Lines such as 'rings = 1%%/5 10%% 100%%', 'soak = PT24H', 'heardWithin ="
                        + " PT6H', 'mostLost = 2%%'.")
            @Nullable Path plan) {
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("model", model);
      body.put("version", version);
      body.put("reason", reason);
      if (plan != null) {
        body.put("plan", new String(read(plan, 64 << 10), StandardCharsets.UTF_8));
      }
      try (OfficeClient client = office.connect()) {
        JsonNode answer = client.post("/firmware/campaigns", body);
        print(spec, "campaign " + answer.path("id").asString());
        print(spec, "meters a ring: " + answer.path("rings"));
        answer.path("leftOut").forEach(meter -> print(spec, "left out: " + meter.asString()));
        return Gridwarden.OK;
      }
    }

    @Command(name = "status", description = "How campaigns stand, or one of them.")
    int status(
        @Mixin OfficeOptions office,
        @Parameters(arity = "0..1", paramLabel = "ID", description = "The campaign.")
            @Nullable String id,
        @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
      try (OfficeClient client = office.connect()) {
        JsonNode answer = client.get("/firmware/campaigns" + (id == null ? "" : "/" + encode(id)));
        if (json) {
          print(spec, answer.toString());
        } else if (id == null) {
          table(
              spec,
              answer.path("items"),
              List.of("id", "model", "version", "state", "ring", "why"));
        } else {
          JsonNode campaign = answer.path("campaign");
          print(spec, campaign.path("state").asString() + ": " + campaign.path("why").asString());
          table(
              spec,
              answer.path("rings"),
              List.of("meters", "released", "pending", "updated", "lost", "leftOut"));
          answer
              .path("unsigned")
              .forEach(c -> print(spec, "waits for approval or signature: " + c.asString()));
          answer
              .path("lost")
              .properties()
              .forEach(e -> print(spec, "lost: " + e.getKey() + " " + e.getValue().asString()));
        }
        return Gridwarden.OK;
      }
    }

    @Command(name = "stop", description = "Stops a campaign; what was not sent is refused.")
    int stop(
        @Mixin OfficeOptions office,
        @Parameters(paramLabel = "ID", description = "The campaign.") String id,
        @Option(names = "--reason", required = true, description = "Why.") String reason) {
      return act(office, id, "stop", reason);
    }

    @Command(name = "resume", description = "Lets it go on, the meters lost so far excused.")
    int resume(
        @Mixin OfficeOptions office,
        @Parameters(paramLabel = "ID", description = "The campaign.") String id,
        @Option(names = "--reason", required = true, description = "Why.") String reason) {
      return act(office, id, "resume", reason);
    }

    private static int act(OfficeOptions office, String id, String what, String reason) {
      try (OfficeClient client = office.connect()) {
        client.post("/firmware/campaigns/" + encode(id) + "/" + what, Map.of("reason", reason));
        return Gridwarden.OK;
      }
    }
  }

  private static byte[] read(Path file, long longest) {
    try {
      if (Files.size(file) > longest) {
        throw new Failure(file + " has more than " + longest + " bytes", Gridwarden.WRONG_INPUT);
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new Failure(file + " cannot be read", Gridwarden.WRONG_INPUT);
    }
  }

  private static void table(
      CommandLine.Model.CommandSpec spec, JsonNode items, List<String> fields) {
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode item : items) {
      rows.add(fields.stream().map(f -> item.path(f).asString()).toList());
    }
    PrintWriter out = spec.commandLine().getOut();
    Table.print(out, fields, rows);
    out.flush();
  }

  private static void print(CommandLine.Model.CommandSpec spec, String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
