package org.gridwarden.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.gridwarden.cosem.AccessRights;

/**
 * In what a meter's access differs from what its office wants. Immutable.
 *
 * @param client which client
 * @param words one sentence for a person
 * @param more whether the meter allows more than is wanted, or asks for less proof; else less
 */
public record AccessDifference(int client, String words, boolean more) {
  /** What a meter's access is, against what is wanted; empty where it is the same. */
  public static List<AccessDifference> between(MeterAccess wanted, MeterAccess found) {
    List<AccessDifference> all = new ArrayList<>();
    SortedSet<Integer> numbers = new TreeSet<>();
    wanted.clients().forEach(c -> numbers.add(c.number()));
    found.clients().forEach(c -> numbers.add(c.number()));
    for (int number : numbers) {
      Optional<MeterAccess.Client> want = wanted.client(number).filter(c -> !c.objects().isEmpty());
      Optional<MeterAccess.Client> is = found.client(number).filter(c -> !c.objects().isEmpty());
      if (want.isEmpty() && is.isPresent()) {
        all.add(
            new AccessDifference(
                number,
                "client "
                    + number
                    + " is let in ("
                    + is.get().level().word()
                    + ", "
                    + is.get().objects().size()
                    + " objects), and should not be",
                true));
      } else if (want.isPresent() && is.isEmpty()) {
        all.add(new AccessDifference(number, "client " + number + " is not let in", false));
      } else if (want.isPresent() && is.isPresent()) {
        between(want.get(), is.get(), all);
      }
    }
    return List.copyOf(all);
  }

  private static void between(
      MeterAccess.Client want, MeterAccess.Client is, List<AccessDifference> all) {
    int number = want.number();
    String who = "client " + number;
    if (want.level() != is.level()) {
      all.add(
          new AccessDifference(
              number,
              who
                  + " proves itself at level "
                  + is.level().word()
                  + ", and should at level "
                  + want.level().word(),
              is.level().compareTo(want.level()) < 0));
    }
    for (AccessRights object : either(want, is)) {
      SortedMap<Integer, Integer> none = new TreeMap<>();
      AccessRights nothing =
          new AccessRights(object.classId(), object.version(), object.object(), none, none);
      AccessRights wanted = want.access(object).orElse(nothing);
      AccessRights found = is.access(object).orElse(nothing);
      modes(number, object, "attribute", wanted.attributes(), found.attributes(), all);
      modes(number, object, "method", wanted.methods(), found.methods(), all);
    }
  }

  private static Collection<AccessRights> either(MeterAccess.Client want, MeterAccess.Client is) {
    List<AccessRights> either = new ArrayList<>(want.objects());
    for (AccessRights object : is.objects()) {
      if (either.stream().noneMatch(object::same)) {
        either.add(object);
      }
    }
    return either;
  }

  private static void modes(
      int client,
      AccessRights object,
      String kind,
      SortedMap<Integer, Integer> wanted,
      SortedMap<Integer, Integer> found,
      List<AccessDifference> all) {
    SortedSet<Integer> numbers = new TreeSet<>(wanted.keySet());
    numbers.addAll(found.keySet());
    for (int number : numbers) {
      int want = wanted.getOrDefault(number, 0);
      int is = found.getOrDefault(number, 0);
      if (want != is) {
        boolean method = kind.equals("method");
        all.add(
            new AccessDifference(
                client,
                "client "
                    + client
                    + " may "
                    + words(is, method)
                    + " "
                    + kind
                    + " "
                    + number
                    + " of "
                    + object.object()
                    + " (class "
                    + object.classId()
                    + "), and should "
                    + (want == 0 ? "not" : words(want, method)),
                (is & ~want) != 0));
      }
    }
  }

  /** An access mode in words: read, write, read and write, use; other bits as their number. */
  public static String words(int mode, boolean method) {
    int low = method ? AccessRights.READ : AccessRights.READ | AccessRights.WRITE;
    String base =
        method
            ? (mode & AccessRights.READ) != 0 ? "use" : "not use"
            : switch (mode & low) {
              case 0 -> "neither read nor write";
              case AccessRights.READ -> "read";
              case AccessRights.WRITE -> "write";
              default -> "read and write";
            };
    return (mode & ~low) == 0 ? base : base + " (mode " + mode + ")";
  }
}
