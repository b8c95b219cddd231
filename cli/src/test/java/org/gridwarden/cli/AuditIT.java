package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * The audit log as an auditor meets it: taken away from a running server, and checked without it.
 */
class AuditIT {
  @TempDir private Path folder;

  private record Said(int code, String out, String err) {}

  private static Said run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Gridwarden.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    return new Said(line.execute(arguments), out.toString(), err.toString());
  }

  @Test
  @DisplayName(
      "C26: export, verify, prove and check; an edit, a deletion, a reorder and a cut are found"
          + " offline")
  void exportedAndChecked() throws Exception {
    Path key = folder.resolve("office.pem");
    Path log = folder.resolve("log.jsonl");
    Path proof = folder.resolve("proof.json");
    Path witness = folder.resolve("witness");
    try (TestOffice office = new TestOffice(folder)) {
      office.start();
      Path password = office.person("audra", "auditor");
      office.person("anna", "viewer");
      String data = "--data=" + office.data();
      String user = "--user=audra";
      String secret = "--password=file:" + password;
      Files.writeString(key, run("audit", "key", data, user, secret).out());
      assertThat(run("audit", "list", data, user, secret).out()).contains("anna");
      Files.writeString(proof, run("audit", "prove", data, user, secret, "2").out());
      // as somebody else keeps it: what the office signs after the export is not in the export
      Files.copy(office.data().resolve("audit-witness"), witness);
      assertThat(run("audit", "export", data, user, secret, log.toString()))
          .extracting(Said::code)
          .isEqualTo(0);
      office.stop();
    }
    String with = "--key=" + key;
    String seen = "--witness=" + witness;
    Said whole = run("audit", "verify", log.toString(), with, seen);
    assertThat(whole.out()).as(whole.err()).contains("the log holds");
    assertThat(run("audit", "check", proof.toString(), with).out()).contains("it holds");

    Path changed = folder.resolve("changed.jsonl");
    List<String> lines = Files.readAllLines(log);
    int first = 0;
    while (!lines.get(first).contains("\"leaf\"")) {
      first++;
    }
    assertThat(lines.size() - first).as("entries").isGreaterThanOrEqualTo(4);
    List<String> edited = new ArrayList<>(lines);
    edited.replaceAll(line -> line.replace("\"action\":\"", "\"action\":\"x"));
    assertRefused(changed, edited, with, "not what the office signed");
    List<String> deleted = new ArrayList<>(lines);
    deleted.remove(first + 1);
    assertRefused(changed, deleted, with, "one was removed");
    List<String> moved = new ArrayList<>(lines);
    Collections.swap(moved, first, first + 1);
    assertRefused(changed, moved, with, "was expected");
    List<String> cut = new ArrayList<>(lines.subList(0, first + 1));
    assertRefused(changed, cut, with, "the end was cut off");
    // who cuts the checkpoints, too, is found by the witness
    cut.removeIf(line -> line.contains("\"checkpoint\""));
    Files.write(changed, cut);
    assertThat(run("audit", "verify", changed.toString(), with).code()).isZero();
    assertThat(run("audit", "verify", changed.toString(), with, seen).err())
        .contains("the end was cut off");

    Path forged = folder.resolve("forged.json");
    Files.writeString(
        forged, Files.readString(proof).replaceFirst("\"who\":\"[^\"]*\"", "\"who\":\"mallory\""));
    Said refused = run("audit", "check", forged.toString(), with);
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("does not hold");
  }

  private static void assertRefused(Path file, List<String> lines, String key, String why)
      throws IOException {
    Files.write(file, lines);
    Said said = run("audit", "verify", file.toString(), key);
    assertThat(said.code()).as(said.out()).isEqualTo(1);
    assertThat(said.err()).contains(why);
  }
}
