package org.gridwarden.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.gridwarden.security.audit.Checkpoint;
import org.gridwarden.security.audit.ClearText;
import org.gridwarden.security.audit.LogEntry;
import org.gridwarden.security.audit.LogException;
import org.gridwarden.security.audit.LogKey;
import org.gridwarden.security.audit.LogVerifier;
import org.gridwarden.security.audit.MerkleTree;
import org.gridwarden.security.audit.SignedCheckpoint;
import org.gridwarden.security.audit.TreeHash;
import org.gridwarden.security.audit.WitnessFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The audit log: who did what, and the proof that nothing of it was changed. */
@Command(
    name = "audit",
    description =
        "Shows who did what, and proves that nothing of it was changed. verify and check need no"
            + " server: only what was exported, and the office's public key.",
    footer = {
      "",
      "Examples:",
      "  ./gridwarden audit list",
      "  ./gridwarden audit key > office-log.pem        keep it apart, before anything happens",
      "  ./gridwarden audit export log.jsonl",
      "  ./gridwarden audit verify log.jsonl --key office-log.pem --witness /mnt/witness/audit",
      "  ./gridwarden audit prove 4711 > proof.json",
      "  ./gridwarden audit check proof.json --key office-log.pem",
    })
final class AuditCommand implements Runnable {
  private static final long LONGEST_PROOF = 1 << 20;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Without a verb: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(out());
  }

  @Command(name = "list", description = "Lists entries, the newest first.")
  int list(
      @Mixin OfficeOptions office,
      @Option(
              names = "--before",
              paramLabel = "ID",
              description = "Only entries with a smaller number: the next page.")
          @Nullable Long before,
      @Option(names = "--size", defaultValue = "50", description = "How many, at most 1000.")
          int size,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    try (OfficeClient client = office.connect()) {
      JsonNode answer =
          client.get("/audit?size=" + size + (before == null ? "" : "&before=" + before));
      if (json) {
        out().println(answer);
      } else {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode entry : answer.path("items")) {
          List<String> row = new ArrayList<>();
          for (String field : List.of("id", "at", "who", "action", "detail")) {
            row.add(entry.path(field).asString());
          }
          rows.add(row);
        }
        Table.print(out(), List.of("id", "at", "who", "action", "detail"), rows);
      }
      out().flush();
      return Gridwarden.OK;
    }
  }

  @Command(name = "key", description = "Prints the public key that checks the log (PEM).")
  int key(@Mixin OfficeOptions office) {
    try (OfficeClient client = office.connect()) {
      out().print(client.text("/audit/key", "text/plain"));
      out().flush();
      return Gridwarden.OK;
    }
  }

  @Command(
      name = "export",
      description = "Writes the whole log with its signed checkpoints to a file, for verify.")
  int export(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "FILE", description = "Where to; written whole or not at all.")
          Path file) {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try (OfficeClient client = office.connect();
        InputStream log = client.stream("/audit/log", "application/x-ndjson")) {
      Files.copy(log, fresh, StandardCopyOption.REPLACE_EXISTING);
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new Failure("the log could not be written to " + file + ": " + e.getMessage());
    }
    return Gridwarden.OK;
  }

  @Command(
      name = "verify",
      description =
          "Reads an exported log and holds it against what the office signed: finds an edited,"
              + " deleted, added or moved entry, and with a witness file a log whose end was cut"
              + " off. Exit code 1 where it does not hold.")
  int verify(
      @Parameters(paramLabel = "FILE", description = "What audit export wrote.") Path file,
      @Option(
              names = "--key",
              required = true,
              paramLabel = "PEM",
              description = "The office's public key, kept apart from the log.")
          Path key,
      @Option(
              names = "--witness",
              paramLabel = "FILE",
              description = "A file of checkpoints that a witness kept; may be given often.")
          @Nullable List<Path> witnesses,
      @Option(names = "--json", description = "The outcome as one JSON object.") boolean json) {
    try {
      PublicKey office = publicKey(key);
      List<Checkpoint> witnessed = new ArrayList<>();
      for (Path witness : witnesses == null ? List.<Path>of() : witnesses) {
        witnessed.addAll(WitnessFile.read(witness, office));
      }
      AuditLogFile.Verdict verdict = new AuditLogFile(file, office).verify(witnessed);
      if (json) {
        out()
            .println(
                JsonMapper.shared()
                    .createObjectNode()
                    .put("ok", true)
                    .put("entries", verdict.entries())
                    .put("checkpoints", verdict.checkpoints())
                    .put("unsigned", verdict.unsigned())
                    .put("erased", verdict.erased())
                    .put("restores", verdict.restores().size()));
      } else {
        out()
            .println(
                "the log holds: "
                    + verdict.entries()
                    + " entries, "
                    + verdict.checkpoints()
                    + " checkpoints"
                    + (verdict.unsigned() == 0
                        ? ""
                        : "; nobody has signed the last " + verdict.unsigned() + " entries yet"));
        if (verdict.erased() > 0) {
          out()
              .println(
                  "of "
                      + verdict.erased()
                      + " entries who did it, or to what, was erased: that they were made is"
                      + " vouched for still");
        }
        for (LogVerifier.Restored restored : verdict.restores()) {
          out()
              .println(
                  "the office declares that it was restored from a backup at "
                      + restored.at()
                      + ": the log goes on after entry "
                      + restored.size()
                      + (restored.lost() == 0
                          ? "; no checkpoint tells of entries that were lost"
                          : "; "
                              + restored.lost()
                              + " entries that it had signed by then are lost"));
        }
      }
      out().flush();
      return Gridwarden.OK;
    } catch (LogException e) {
      if (json) {
        out()
            .println(
                JsonMapper.shared()
                    .createObjectNode()
                    .put("ok", false)
                    .put("why", String.valueOf(e.getMessage())));
        out().flush();
      }
      throw new Failure("the log does not hold: " + e.getMessage());
    } catch (IOException e) {
      throw new Failure("cannot read " + e.getMessage(), Gridwarden.WRONG_INPUT);
    }
  }

  @Command(
      name = "prove",
      description =
          "Prints a proof that an entry stands in the log (RFC 9162): a third party checks it with"
              + " nothing but the office's public key.")
  int prove(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "ID", description = "The entry's number.") long id) {
    try (OfficeClient client = office.connect()) {
      out().println(client.get("/audit/" + id + "/proof"));
      out().flush();
      return Gridwarden.OK;
    }
  }

  @Command(
      name = "check",
      description = "Checks a proof that audit prove printed. Exit code 1 where it does not hold.")
  int check(
      @Parameters(paramLabel = "FILE", description = "The proof.") Path file,
      @Option(
              names = "--key",
              required = true,
              paramLabel = "PEM",
              description = "The office's public key.")
          Path key) {
    try {
      if (Files.size(file) > LONGEST_PROOF) {
        throw new Failure(file + " is too long for a proof", Gridwarden.WRONG_INPUT);
      }
      JsonNode proof = JsonMapper.shared().readTree(Files.readString(file));
      SignedCheckpoint signed =
          SignedCheckpoint.open(proof.path("checkpoint").asString(""), publicKey(key));
      LogEntry entry = AuditLogFile.entry(proof.path("entry"), file.toString());
      ClearText clear = AuditLogFile.clear(proof.path("entry"), file.toString());
      clear.check(entry);
      List<TreeHash> path = new ArrayList<>();
      for (JsonNode hash : proof.path("path")) {
        path.add(TreeHash.of(HexFormat.of().parseHex(hash.asString())));
      }
      Checkpoint checkpoint = signed.checkpoint();
      long leaf = proof.path("entry").path("leaf").asLong(-1);
      if (!MerkleTree.includes(checkpoint.root(), checkpoint.size(), leaf, entry.leaf(), path)) {
        throw new LogException("the entry does not stand in the log that the office signed");
      }
      out()
          .println(
              "it holds: "
                  + entry.at()
                  + " "
                  + clear.who(entry)
                  + " "
                  + entry.action()
                  + " "
                  + clear.detail(entry)
                  + " is entry "
                  + (leaf + 1)
                  + " of the "
                  + checkpoint.size()
                  + " that the office signed at "
                  + checkpoint.at());
      out().flush();
      return Gridwarden.OK;
    } catch (LogException | IllegalArgumentException | JacksonException e) {
      throw new Failure("the proof does not hold: " + e.getMessage());
    } catch (IOException e) {
      throw new Failure("cannot read " + e.getMessage(), Gridwarden.WRONG_INPUT);
    }
  }

  private static PublicKey publicKey(Path file) throws IOException, LogException {
    return LogKey.publicKey(Files.readString(file));
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
