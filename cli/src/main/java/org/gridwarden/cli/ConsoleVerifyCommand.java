package org.gridwarden.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.Callable;
import org.gridwarden.security.audit.LogException;
import org.gridwarden.security.audit.LogKey;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Holds the log against what the office signed, on the server itself. */
@Command(
    name = "verify",
    description =
        "Reads the whole log and holds it against what the office signed. It is the server's word"
            + " about itself: an auditor verifies an export elsewhere, with a key kept apart.")
final class ConsoleVerifyCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Override
  public Integer call() {
    Path copy = null;
    try (OfficeClient client = AtDesk.NOW.get().client()) {
      String key = client.text("/audit/key", "text/plain");
      copy = Files.createTempFile("audit-log", ".jsonl"); // 0600
      try (InputStream log = client.stream("/audit/log", "application/x-ndjson")) {
        Files.copy(log, copy, StandardCopyOption.REPLACE_EXISTING);
      }
      AuditLogFile.Verdict verdict =
          new AuditLogFile(copy, LogKey.publicKey(key)).verify(List.of());
      spec.commandLine()
          .getOut()
          .println(
              "the log holds: "
                  + verdict.entries()
                  + " entries, "
                  + verdict.checkpoints()
                  + " checkpoints");
      spec.commandLine().getOut().flush();
      return Gridwarden.OK;
    } catch (LogException e) {
      throw new Failure("the log does not hold: " + e.getMessage());
    } catch (IOException e) {
      throw new Failure("the log could not be read: " + e.getMessage());
    } finally {
      delete(copy);
    }
  }

  private static void delete(@org.jspecify.annotations.Nullable Path copy) {
    if (copy != null) {
      try {
        Files.deleteIfExists(copy);
      } catch (IOException e) {
        copy.toFile().deleteOnExit();
      }
    }
  }
}
