package org.gridwarden.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.gridwarden.core.Intake;
import org.gridwarden.headend.integrity.DataWatch;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.audit.LogKey;
import org.gridwarden.server.GridwardenConfig;
import org.gridwarden.store.DataCheck;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreException;
import org.gridwarden.store.StoreSettings;
import org.gridwarden.store.TableRepair;
import tools.jackson.databind.json.JsonMapper;

/** What {@link DataCommand} does, apart from it: it loads the store's classes. */
final class DataRun {
  private final Path data;
  private final Optional<Path> config;
  private final PrintWriter out;

  DataRun(Path data, PrintWriter out) {
    this(data, Optional.empty(), out);
  }

  /**
   * @param config the server's configuration: its key may be under a passphrase, or in a token
   */
  DataRun(Path data, Optional<Path> config, PrintWriter out) {
    this.data = data;
    this.config = config;
    this.out = out;
  }

  /** As the server opens it. */
  OfficeKey officeKey() throws IOException {
    GridwardenConfig configuration =
        config.isPresent()
            ? GridwardenConfig.load(config.get(), System.getenv())
            : GridwardenConfig.parse("", "no configuration", System.getenv());
    return configuration.keys().open(data.resolve("keys"));
  }

  /**
   * A damaged page in words.
   *
   * @param relation what is damaged; empty where the catalogue does not know it
   */
  record Damaged(DataCheck.Damage page, Optional<DataCheck.Relation> relation) {
    String words() {
      String what =
          relation
              .map(r -> r.name() + " (" + r.words() + ")")
              .orElse("a file that no relation of the office's database names");
      String fork =
          page.fork().equals("main") ? "" : ", its " + page.fork() + " map, which is made again";
      return what + fork + ": page " + page.block() + " of " + page.file() + " was torn or changed";
    }
  }

  int check(boolean json) {
    DataCheck.Result pages = pages();
    List<Damaged> damaged = new ArrayList<>();
    List<DataWatch.Finding> findings = List.of();
    Optional<String> hindered = Optional.empty();
    List<TableRepair.Begun> unfinished = List.of();
    try (Store store = Store.open(StoreSettings.embedded(data))) {
      damaged = name(store, pages.damages());
      unfinished = store.repair().open();
      // where no server has run yet there are no keys, and nothing is vouched for
      findings = vouched() ? watch(store).checkAll() : findings;
    } catch (StoreException e) {
      // a database that is torn badly does not start, or does not let a table be read
      hindered = Optional.of(String.valueOf(e.getMessage()));
      if (damaged.isEmpty()) {
        damaged = pages.damages().stream().map(d -> new Damaged(d, Optional.empty())).toList();
      }
    }
    if (json) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("pages", pages.pages());
      all.put("damaged", damaged.stream().map(Damaged::words).toList());
      all.put("changed", findings.stream().map(DataRun::words).toList());
      all.put("unfinished", unfinished.stream().map(TableRepair.Begun::table).toList());
      all.put("hindered", hindered.orElse(""));
      out.println(JsonMapper.shared().writeValueAsString(all));
    } else {
      out.println(pages.pages() + " pages, " + damaged.size() + " damaged");
      damaged.forEach(d -> out.println("  " + d.words()));
      out.println(findings.size() + " of the values that were vouched for are not as they were");
      findings.forEach(f -> out.println("  " + words(f)));
      unfinished.forEach(u ->
          out.println(
              u.table() + " is being filled again since " + u.begun() + ": data repair goes on"));
      hindered.ifPresent(why -> out.println("Not looked at any further: " + why));
    }
    out.flush();
    return damaged.isEmpty() && findings.isEmpty() && hindered.isEmpty() && unfinished.isEmpty()
        ? Gridwarden.OK
        : Gridwarden.FAILED;
  }

  DataCheck.Result pages() {
    if (!Files.isDirectory(data)) {
      throw new Failure(
          data + " is no folder; name the server's data folder", Gridwarden.WRONG_INPUT);
    }
    try {
      return DataCheck.pages(data);
    } catch (StoreException e) {
      throw new Failure(e.fault().where() + ": " + e.fault().remedy());
    }
  }

  static List<Damaged> name(Store store, List<DataCheck.Damage> damages) {
    return damages.stream()
        .map(d -> new Damaged(d, DataCheck.relation(store, d.filenode())))
        .toList();
  }

  /** Whether a server has run here, so that there are keys. */
  boolean vouched() {
    return Files.exists(data.resolve("keys/log-key.wrapped"));
  }

  /** Who holds fingerprints against what is stored. */
  DataWatch watch(Store store) {
    Intake none =
        message -> {
          message.raw();
          return CompletableFuture.completedFuture(new Intake.Outcome.Duplicate());
        };
    try (OfficeKey key = officeKey()) {
      return new DataWatch(
          store.unitOfWork(),
          store.integrity(),
          store.auditLog(),
          LogKey.open(data.resolve("keys"), key).signer(),
          store.meters(),
          none,
          () -> store.folding().fold(),
          InstantSource.system());
    } catch (IOException e) {
      throw new Failure(
          "the keys in " + data.resolve("keys") + " cannot be used: " + e.getMessage());
    }
  }

  private static String words(DataWatch.Finding finding) {
    return finding.meter().map(m -> "meter " + m.value() + ", " + finding.day() + ": ").orElse("")
        + finding.what();
  }
}
