package org.gridwarden.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.gridwarden.mdm.datafile.DataFileException;
import org.gridwarden.mdm.loadfile.LoadFileException;
import org.gridwarden.mdm.validation.Rule;
import org.gridwarden.mdm.vee.FileRun;
import org.gridwarden.mdm.vee.MeterResult;
import org.gridwarden.mdm.vee.RuleBook;
import org.gridwarden.mdm.vee.Summary;
import org.jspecify.annotations.Nullable;

/** What {@link VeeCommand} does. */
final class VeeRun {
  private final VeeCommand asked;
  private final PrintWriter out;
  private final PrintWriter err;

  VeeRun(VeeCommand asked, PrintWriter out, PrintWriter err) {
    this.asked = asked;
    this.out = out;
    this.err = err;
  }

  int run() {
    if (asked.printRules) {
      out.print(RuleBook.shippedText());
      out.flush();
      return Gridwarden.OK;
    }
    Path in = needed(asked.in, "--in");
    Path to = needed(asked.out, "--out");
    for (@Nullable Path other : new @Nullable Path[] {to, asked.report, asked.findings}) {
      if (other != null && same(in, other)) {
        throw new Failure(
            other + " is the input; name another file to be written", Gridwarden.WRONG_INPUT);
      }
    }
    RuleBook book = book();
    if (!book.classes().containsKey(asked.meterClass)) {
      throw new Failure(
          "--class "
              + asked.meterClass
              + " is in no rule file; it can be one of "
              + new TreeSet<>(book.classes().keySet()),
          Gridwarden.WRONG_INPUT);
    }
    ProgressLine progress = new ProgressLine(err);
    try {
      Summary summary =
          new FileRun(book, asked.meterClass, zone(), progress::show)
              .run(in, to, Optional.ofNullable(asked.report), Optional.ofNullable(asked.findings));
      progress.end();
      tell(summary, to);
      return Gridwarden.OK;
    } catch (LoadFileException e) {
      progress.end();
      e.problems().forEach(err::println);
      throw new Failure(String.valueOf(e.getMessage()), Gridwarden.WRONG_INPUT);
    } catch (NoSuchFileException e) {
      progress.end();
      boolean input = e.getFile() != null && e.getFile().equals(in.toString());
      throw new Failure(
          input
              ? in + " is not there; name the input"
              : e.getFile() + " cannot be written: its folder is not there; make it first",
          Gridwarden.WRONG_INPUT);
    } catch (IOException e) {
      progress.end();
      throw new Failure(e + "; look at the file's rights and the space left on the disk");
    }
  }

  private static Path needed(@Nullable Path path, String option) {
    if (path == null) {
      throw new Failure("give " + option + " FILE; see --help", Gridwarden.WRONG_INPUT);
    }
    return path;
  }

  private static boolean same(Path in, Path other) {
    try {
      return Files.exists(other) && Files.exists(in) && Files.isSameFile(in, other);
    } catch (IOException e) {
      return false;
    }
  }

  private RuleBook book() {
    Path file = asked.rules;
    if (file == null) {
      return RuleBook.shipped();
    }
    try {
      return RuleBook.read(file.toString(), Files.readString(file));
    } catch (DataFileException e) {
      throw new Failure(String.valueOf(e.getMessage()), Gridwarden.WRONG_INPUT);
    } catch (CharacterCodingException e) {
      throw new Failure(file + " is no text in UTF-8", Gridwarden.WRONG_INPUT);
    } catch (IOException e) {
      throw new Failure("the rule file " + file + " cannot be read", Gridwarden.WRONG_INPUT);
    }
  }

  private Optional<ZoneId> zone() {
    String name = asked.zone;
    if (name == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(ZoneId.of(name));
    } catch (DateTimeException e) {
      throw new Failure(
          "--zone " + name + " is no time zone; write one as in Europe/Zurich",
          Gridwarden.WRONG_INPUT);
    }
  }

  private void tell(Summary summary, Path to) {
    err.printf(
        Locale.ROOT,
        "%s: %d meters, %d intervals: %d good, %d suspect, %d estimated, %d missing%n",
        to,
        summary.meters(),
        summary.intervals(),
        summary.of(MeterResult.Mark.GOOD),
        summary.of(MeterResult.Mark.SUSPECT),
        summary.of(MeterResult.Mark.ESTIMATED),
        summary.of(MeterResult.Mark.MISSING));
    for (Map.Entry<Rule, Long> one : summary.findings().entrySet()) {
      err.printf(
          Locale.ROOT,
          "  %-12s %6d  %s%n",
          one.getKey().id(),
          one.getValue(),
          one.getKey().words());
    }
    summary
        .methods()
        .forEach((method, slots) ->
            err.printf(Locale.ROOT, "  filled by %s: %d intervals%n", method, slots));
    if (summary.repeated() > 0) {
      err.println("  " + summary.repeated() + " lines said what an earlier one had said");
    }
    err.flush();
  }
}
