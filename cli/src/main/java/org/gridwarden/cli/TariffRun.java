package org.gridwarden.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.gridwarden.mdm.billing.TariffException;
import org.gridwarden.mdm.tariff.PriceCsv;
import org.gridwarden.mdm.tariff.PriceFiles;
import org.gridwarden.mdm.tariff.TariffFile;
import org.gridwarden.mdm.tariff.TariffText;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.P256;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.gridwarden.security.command.TariffManifest;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What {@link TariffCommand} does. */
final class TariffRun {
  private static final List<String> COLUMNS =
      List.of("id", "version", "validFrom", "form", "sha256", "added", "addedBy");

  private final PrintWriter out;

  TariffRun(PrintWriter out) {
    this.out = out;
  }

  void check(Path file) {
    TariffFile read = read(file);
    TariffText.lines(read).forEach(out::println);
    out.println("sha256    " + HexFormat.of().formatHex(manifest("check", file, read).sha256()));
    out.flush();
  }

  void add(Path file, String id, LocalDate from, SignerOptions options, OfficeOptions office) {
    TariffFile read = read(file);
    byte[] document = bytes(file);
    Signer signer = options.open();
    try (OfficeClient client = office.connect()) {
      for (TariffFile.PriceFile prices : read.prices()) {
        client.post("/tariffs/prices", "text/csv", prices.document());
      }
      TariffManifest manifest =
          TariffManifest.of(id, next(client, id), from, read.form().word(), document);
      String signed = Base64.getUrlEncoder().encodeToString(manifest.sign(signer));
      JsonNode answer =
          client.post("/tariffs?signature=" + encode(signed), "application/octet-stream", document);
      out.println(
          answer.path("id").asString()
              + " version "
              + answer.path("version").asInt()
              + " holds from "
              + answer.path("validFrom").asString()
              + ", SHA-256 "
              + answer.path("sha256").asString());
      out.flush();
    } catch (CommandException | IllegalArgumentException e) {
      throw new Failure(String.valueOf(e.getMessage()), Gridwarden.WRONG_INPUT);
    }
  }

  private static int next(OfficeClient client, String id) {
    int newest = 0;
    for (JsonNode version : client.get("/tariffs").path("items")) {
      if (version.path("id").asString().equals(id)) {
        newest = Math.max(newest, version.path("version").asInt());
      }
    }
    return newest + 1;
  }

  void list(OfficeOptions office, boolean json) {
    try (OfficeClient client = office.connect()) {
      JsonNode answer = client.get("/tariffs");
      if (json) {
        out.println(answer);
      } else {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode item : answer.path("items")) {
          rows.add(COLUMNS.stream().map(c -> item.path(c).asString()).toList());
        }
        Table.print(out, COLUMNS, rows);
      }
      out.flush();
    }
  }

  void show(
      OfficeOptions office,
      String id,
      @Nullable Integer version,
      @Nullable LocalDate on,
      @Nullable Path to,
      boolean json) {
    String query = version != null ? "?version=" + version : on != null ? "?on=" + on : "";
    try (OfficeClient client = office.connect()) {
      JsonNode answer = client.get("/tariffs/" + encode(id) + query);
      byte[] document = decode(answer, "document");
      TariffManifest manifest = signed(answer, document);
      if (!manifest.id().equals(id)) {
        throw new Failure("the office gave " + manifest.id() + " for " + id);
      }
      if (json) {
        out.println(answer);
      } else {
        JsonNode tariff = answer.path("tariff");
        out.println("id        " + manifest.id());
        out.println("version   " + manifest.version() + ", from " + manifest.validFrom());
        out.println(
            "added     "
                + tariff.path("added").asString()
                + " by "
                + tariff.path("addedBy").asString());
        out.println("sha256    " + HexFormat.of().formatHex(manifest.sha256()));
        out.println(
            "signature good, by key "
                + HexFormat.of().formatHex(Signed.parse(decode(answer, "signature")).keyId()));
        text(client, document).forEach(out::println);
      }
      if (to != null) {
        write(to, document);
      }
      out.flush();
    } catch (CommandException e) {
      throw new Failure("the office's tariff is not what was signed: " + e.getMessage());
    }
  }

  private static TariffManifest signed(JsonNode answer, byte[] document) throws CommandException {
    byte[] payload =
        Signed.parse(decode(answer, "signature"))
            .open(Purpose.TARIFF, P256.publicKey(decode(answer, "signer")));
    TariffManifest manifest = TariffManifest.parse(payload);
    manifest.check(document);
    return manifest;
  }

  /** What a document says, with the prices that it names, which the office has. */
  private static List<String> text(OfficeClient client, byte[] document) {
    PriceFiles office =
        (file, sha256) -> {
          try (InputStream body =
              client.stream("/tariffs/prices/" + HexFormat.of().formatHex(sha256), "text/csv")) {
            return Optional.of(body.readNBytes(PriceCsv.LONGEST));
          }
        };
    try {
      return TariffText.lines(TariffFile.parse(document, office));
    } catch (TariffException | IOException e) {
      return List.of("document  " + e.getMessage());
    }
  }

  private static byte[] decode(JsonNode answer, String field) throws CommandException {
    try {
      return Base64.getDecoder().decode(answer.path(field).asString());
    } catch (IllegalArgumentException e) {
      throw new CommandException("its " + field + " is no base64");
    }
  }

  private static TariffManifest manifest(String id, Path file, TariffFile read) {
    return TariffManifest.of(id, 1, LocalDate.of(2000, 1, 1), read.form().word(), bytes(file));
  }

  private static TariffFile read(Path file) {
    try {
      return TariffFile.read(file);
    } catch (TariffException e) {
      throw new Failure(file + ": " + e.getMessage(), Gridwarden.WRONG_INPUT);
    } catch (NoSuchFileException e) {
      throw new Failure("there is no file " + file, Gridwarden.WRONG_INPUT);
    } catch (IOException e) {
      throw new Failure("cannot read " + file + ": " + e.getMessage(), Gridwarden.WRONG_INPUT);
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new Failure("cannot read " + file + ": " + e.getMessage(), Gridwarden.WRONG_INPUT);
    }
  }

  private static void write(Path file, byte[] bytes) {
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new Failure("cannot write " + file + ": " + e.getMessage());
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
