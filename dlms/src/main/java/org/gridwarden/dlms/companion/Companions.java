package org.gridwarden.dlms.companion;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.gridwarden.dlms.PushLayouts;

/**
 * The companion profiles that are known, by name:
 *
 * <pre>
 * Companion dsmr = Companions.builtIn().find("dsmr5").orElseThrow();
 * dsmr.reading();   // the management client, by GMAC
 * dsmr.profiles();  // quarter-hours, days, months
 * </pre>
 *
 * <p>Immutable; thread-safe.
 */
public final class Companions {
  private static final String GENERIC = "generic";
  private static final String SUFFIX = ".yaml";

  private final Map<String, Companion> byName;

  private Companions(Map<String, Companion> byName) {
    this.byName = byName;
  }

  /** Those that come with the program. */
  public static Companions builtIn() {
    return BuiltIn.COMPANIONS;
  }

  /** Loaded once, when first asked for. */
  private static final class BuiltIn {
    static final Companions COMPANIONS = load();

    private static Companions load() {
      Map<String, Companion> byName = new LinkedHashMap<>();
      for (String file : resource("INDEX").lines().map(String::strip).toList()) {
        if (!file.isEmpty()) {
          put(byName, CompanionFile.read(file, resource(file), PushLayouts.builtIn()));
        }
      }
      return new Companions(byName);
    }

    private static String resource(String name) {
      try (InputStream in = PushLayouts.class.getResourceAsStream("companions/" + name)) {
        if (in == null) {
          throw new IllegalStateException("the program lacks its file companions/" + name);
        }
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void put(Map<String, Companion> byName, Companion companion) {
    byName.put(companion.name(), companion);
  }

  /**
   * These and a folder's {@code *.yaml} files; the same name replaces.
   *
   * @param layouts where the meter profiles that they name are found
   * @throws IOException where folder or file cannot be read
   * @throws IllegalArgumentException where a file is wrong; the message names file and place
   */
  public Companions with(Path folder, PushLayouts layouts) throws IOException {
    Map<String, Companion> all = new LinkedHashMap<>(byName);
    List<Path> files;
    try (Stream<Path> list = Files.list(folder)) {
      files = list.filter(f -> f.toString().endsWith(SUFFIX)).sorted().toList();
    }
    for (Path file : files) {
      put(
          all,
          CompanionFile.read(String.valueOf(file.getFileName()), Files.readString(file), layouts));
    }
    return new Companions(all);
  }

  /** One by its name. */
  public Optional<Companion> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** The one for meters of which nothing more is known. */
  public Companion generic() {
    return find(GENERIC).orElseThrow(() -> new IllegalStateException("no generic companion"));
  }

  /** Their names. */
  public List<String> names() {
    return List.copyOf(byName.keySet());
  }
}
