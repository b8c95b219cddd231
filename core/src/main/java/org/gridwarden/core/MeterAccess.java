package org.gridwarden.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.gridwarden.cosem.AccessRights;
import org.gridwarden.cosem.ObisCode;

/**
 * Whom a meter lets in, how they prove who they are, and what they may do then. Immutable.
 *
 * @param clients by their numbers; each once, at most {@value #MOST_CLIENTS}
 */
public record MeterAccess(List<Client> clients) {
  /** So many associations a meter has at most. */
  public static final int MOST_CLIENTS = 32;

  /** So many objects an association shows at most. */
  public static final int MOST_OBJECTS = 4_096;

  /** How a client proves who it is (IEC 62056-5-3, clause 5.2.2). */
  public enum Level {
    /** Not at all. */
    NONE,
    /** By a password. */
    LOW,
    /** By a key, both ways. */
    HIGH;

    /** In small letters. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A client.
   *
   * @param number its address, 1 to 65,535
   * @param association the Association LN object that tells of it
   * @param level how it proves who it is
   * @param objects what it may do with which object, sorted; one with which it may do nothing is
   *     left out. Without any, the meter does not let it in
   */
  public record Client(int number, ObisCode association, Level level, List<AccessRights> objects) {
    /**
     * @throws IllegalArgumentException where the number is none, an object stands twice or there
     *     are more than {@value #MOST_OBJECTS}
     */
    public Client {
      if (number < 1 || number > 0xFFFF) {
        throw new IllegalArgumentException("a client's number is 1 to 65535, not " + number);
      }
      objects = objects.stream().filter(o -> !o.nothing()).sorted().toList();
      if (objects.size() > MOST_OBJECTS) {
        throw new IllegalArgumentException(
            "a client has rights to at most " + MOST_OBJECTS + " objects");
      }
      Set<String> names = new HashSet<>();
      for (AccessRights one : objects) {
        if (!names.add(one.object() + "/" + one.classId())) {
          throw new IllegalArgumentException(
              "client " + number + " has " + one.object() + " twice");
        }
      }
    }

    /** What it may do with an object; empty where nothing. */
    public Optional<AccessRights> access(AccessRights like) {
      return objects.stream().filter(like::same).findFirst();
    }

    /**
     * Its rights as text, a line an object: {@code 8/0 0.0.1.0.0.255 1=1,2=1 6=1}, attributes
     * before methods, a dash where there are none. The same rights are the same text.
     */
    public String rights() {
      return objects.stream()
          .map(o ->
              o.classId()
                  + "/"
                  + o.version()
                  + " "
                  + o.object()
                  + " "
                  + modes(o.attributes())
                  + " "
                  + modes(o.methods()))
          .collect(Collectors.joining("\n"));
    }

    private static String modes(Map<Integer, Integer> modes) {
      return modes.isEmpty()
          ? "-"
          : modes.entrySet().stream()
              .map(e -> e.getKey() + "=" + e.getValue())
              .collect(Collectors.joining(","));
    }

    /**
     * A client of its rights as text.
     *
     * @throws IllegalArgumentException where the text is not as {@link #rights} makes it
     */
    public static Client of(int number, ObisCode association, Level level, String rights) {
      List<AccessRights> objects = new ArrayList<>();
      for (String line : rights.lines().toList()) {
        String[] parts = line.split(" ", -1);
        String[] kind = parts[0].split("/", -1);
        if (parts.length != 4 || kind.length != 2) {
          throw new IllegalArgumentException("rights are a line an object, not '" + line + "'");
        }
        objects.add(
            new AccessRights(
                Integer.parseInt(kind[0]),
                Integer.parseInt(kind[1]),
                ObisCode.parse(parts[1]),
                modes(parts[2]),
                modes(parts[3])));
      }
      return new Client(number, association, level, objects);
    }

    private static SortedMap<Integer, Integer> modes(String text) {
      SortedMap<Integer, Integer> modes = new TreeMap<>();
      if (!text.equals("-")) {
        for (String one : text.split(",", -1)) {
          String[] parts = one.split("=", -1);
          if (parts.length != 2) {
            throw new IllegalArgumentException("an access mode is NUMBER=MODE, not '" + one + "'");
          }
          modes.put(Integer.valueOf(parts[0]), Integer.valueOf(parts[1]));
        }
      }
      return modes;
    }
  }

  /**
   * @throws IllegalArgumentException where a client stands twice or there are too many
   */
  public MeterAccess {
    clients = clients.stream().sorted(Comparator.comparingInt(Client::number)).toList();
    if (clients.size() > MOST_CLIENTS
        || clients.stream().map(Client::number).distinct().count() != clients.size()) {
      throw new IllegalArgumentException(
          "a meter has at most " + MOST_CLIENTS + " clients, each once");
    }
  }

  /** A client by its number. */
  public Optional<Client> client(int number) {
    return clients.stream().filter(c -> c.number() == number).findFirst();
  }
}
