package org.gridwarden.dlms;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All push layouts and meter profiles: those that come with the program, and a user's own. A push
 * is read by the first layout whose shape it has; the last one, generic, takes any. Immutable;
 * thread-safe.
 */
public final class PushLayouts {
  private static final String GENERIC = "generic";
  private static final String SUFFIX = ".yaml";

  private final Map<String, Layout> layouts;
  private final Map<String, MeterProfile> profiles;
  private final Map<String, List<Layout>> byProfile;
  private final Layout generic;

  private PushLayouts(Map<String, Layout> layouts, Map<String, MeterProfile> profiles) {
    this.layouts = layouts;
    this.profiles = profiles;
    this.byProfile = new LinkedHashMap<>();
    this.generic = required(layouts, GENERIC);
    for (MeterProfile profile : profiles.values()) {
      List<Layout> own = new ArrayList<>();
      for (String name : profile.layouts().isEmpty() ? layouts.keySet() : profile.layouts()) {
        Layout layout = layouts.get(name);
        if (layout == null) {
          throw new IllegalArgumentException(
              "profile '"
                  + profile.name()
                  + "' names the layout '"
                  + name
                  + "', which does not exist");
        }
        own.add(layout);
      }
      byProfile.put(profile.name(), List.copyOf(own));
    }
  }

  private static <T> T required(Map<String, T> map, String name) {
    T value = map.get(name);
    if (value == null) {
      throw new IllegalArgumentException("there is no '" + name + "' among " + map.keySet());
    }
    return value;
  }

  /** Those that come with the program. */
  public static PushLayouts builtIn() {
    return BuiltIn.LAYOUTS;
  }

  /** Loaded once, when first asked for. */
  private static final class BuiltIn {
    static final PushLayouts LAYOUTS = load();

    private static PushLayouts load() {
      Map<String, Layout> layouts = new LinkedHashMap<>();
      for (String file : lines("layouts/INDEX")) {
        for (Layout layout : LayoutFile.layouts(file, resource("layouts/" + file))) {
          layouts.put(layout.name(), layout);
        }
      }
      Map<String, MeterProfile> profiles = new LinkedHashMap<>();
      List<MeterProfile.Meaning> meanings = List.of();
      for (String file : lines("profiles/INDEX")) {
        MeterProfile profile = LayoutFile.profile(file, resource("profiles/" + file), meanings);
        profiles.put(profile.name(), profile);
        if (profile.name().equals(GENERIC)) {
          meanings = profile.meanings();
        }
      }
      return new PushLayouts(layouts, profiles);
    }

    private static List<String> lines(String name) {
      return resource(name)
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .toList();
    }

    private static String resource(String name) {
      try (InputStream in = PushLayouts.class.getResourceAsStream(name)) {
        if (in == null) {
          throw new IllegalStateException("the program lacks its file " + name);
        }
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * These and a folder's: {@code *.yaml} files of layouts, or of a profile where they have the key
   * {@code profile}. They are tried before these, in the order of their file names; the same name
   * replaces.
   *
   * @throws IOException where folder or file cannot be read
   * @throws IllegalArgumentException where a file is wrong; the message names file and place
   */
  public PushLayouts with(Path folder) throws IOException {
    Map<String, Layout> all = new LinkedHashMap<>();
    Map<String, MeterProfile> profiled = new LinkedHashMap<>(profiles);
    List<Path> files;
    try (Stream<Path> list = Files.list(folder)) {
      files = list.filter(f -> f.toString().endsWith(SUFFIX)).sorted().toList();
    }
    List<MeterProfile.Meaning> meanings = genericProfile().meanings();
    for (Path file : files) {
      String text = Files.readString(file);
      String name = String.valueOf(file.getFileName());
      if (YamlMap.parse(name, text).has("profile")) {
        MeterProfile profile = LayoutFile.profile(name, text, meanings);
        profiled.put(profile.name(), profile);
      } else {
        LayoutFile.layouts(name, text).forEach(layout -> all.put(layout.name(), layout));
      }
    }
    layouts.forEach(all::putIfAbsent);
    return new PushLayouts(all, profiled);
  }

  /** The layouts' names, in the order they are tried. */
  public List<String> layoutNames() {
    return List.copyOf(layouts.keySet());
  }

  /** The profiles' names. */
  public List<String> profileNames() {
    return List.copyOf(profiles.keySet());
  }

  /** A profile by its name. */
  public Optional<MeterProfile> profile(String name) {
    return Optional.ofNullable(profiles.get(name));
  }

  /** The profile of meters of which nothing more is known. */
  public MeterProfile genericProfile() {
    return required(profiles, GENERIC);
  }

  /**
   * What a push says.
   *
   * @throws DlmsException where it has more values than a push may have
   */
  public Push read(Apdu.DataNotification push, MeterProfile profile) throws DlmsException {
    Layout layout = layoutOf(push.body(), profile);
    return new PushReader(layout, profile, push.dateTime()).read(push.body());
  }

  /**
   * What an event says: its attribute's value, under its object's OBIS code.
   *
   * @throws DlmsException where it has more values than a push may have
   */
  public Push read(Apdu.EventNotification event, MeterProfile profile) throws DlmsException {
    return new PushReader(generic, profile, event.time())
        .read(event.instance(), event.attribute(), event.value());
  }

  private Layout layoutOf(DlmsData body, MeterProfile profile) {
    ItemPattern.Match scratch = new ItemPattern.Match();
    List<Layout> own = byProfile.get(profile.name());
    for (Layout layout : own == null ? List.of(generic) : own) {
      if (layout.matches(body, scratch)) {
        return layout;
      }
    }
    return generic;
  }
}
