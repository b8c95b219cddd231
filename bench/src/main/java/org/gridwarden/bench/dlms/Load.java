package org.gridwarden.bench.dlms;

import java.util.ArrayList;
import java.util.List;

/**
 * What clients do again and again.
 *
 * @param what session (connect, associate, one GET, release, close), get (in one association) or
 *     profile (96 rows, in one association)
 * @param auth none, lls or gmac
 * @param clients how many at a time
 */
record Load(String what, String auth, int clients) {
  private static final int MANY = 50;

  static List<Load> all() {
    List<Load> all = new ArrayList<>();
    for (int clients : new int[] {1, MANY}) {
      for (String auth : List.of("none", "lls", "gmac")) {
        all.add(new Load("session", auth, clients));
      }
      for (String what : List.of("get", "profile")) {
        for (String auth : List.of("none", "gmac")) {
          all.add(new Load(what, auth, clients));
        }
      }
    }
    return List.copyOf(all);
  }
}
