package org.gridwarden;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds docs/architecture.md's table of rooms against the code: who may use whom, and where the
 * framework may stand.
 */
class HouseTest {
  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.gridwarden");

  /** Room -> the rooms that it may use, besides itself. */
  private static final Map<String, List<String>> MAY_USE =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("cosem", List.of()),
              Map.entry("core", List.of("cosem")),
              Map.entry("dlms", List.of("cosem")),
              Map.entry("security", List.of("core", "cosem")),
              Map.entry("message", List.of("core", "cosem", "security")),
              Map.entry("store", List.of("core", "cosem", "security")),
              Map.entry("channel", List.of("core", "cosem", "security", "message", "dlms")),
              Map.entry("headend", List.of("core", "cosem", "security", "store")),
              Map.entry("mdm", List.of("core", "cosem", "security", "store")),
              Map.entry("exchange", List.of("core", "cosem", "store", "mdm")),
              Map.entry("simulator", List.of("core", "cosem", "security", "message", "dlms")),
              Map.entry(
                  "server",
                  List.of(
                      "core",
                      "cosem",
                      "security",
                      "message",
                      "store",
                      "channel",
                      "headend",
                      "mdm",
                      "exchange",
                      "dlms")),
              Map.entry(
                  "bench",
                  List.of(
                      "core",
                      "cosem",
                      "security",
                      "message",
                      "store",
                      "channel",
                      "headend",
                      "mdm",
                      "exchange",
                      "dlms",
                      "simulator",
                      "server")),
              Map.entry(
                  "cli",
                  List.of(
                      "core",
                      "cosem",
                      "security",
                      "message",
                      "store",
                      "channel",
                      "headend",
                      "mdm",
                      "exchange",
                      "dlms",
                      "simulator",
                      "server",
                      "bench"))));

  static Stream<String> rooms() {
    return MAY_USE.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void aRoomUsesOnlyTheRoomsItMay(String room) {
    List<String> allowed = MAY_USE.getOrDefault(room, List.of());
    noClasses()
        .that()
        .resideInAPackage("org.gridwarden." + room + "..")
        .should()
        .dependOnClassesThat(
            new DescribedPredicate<JavaClass>("stand in a room other than " + allowed) {
              @Override
              public boolean test(JavaClass other) {
                String name = other.getPackageName();
                if (!name.startsWith("org.gridwarden.")) {
                  return false;
                }
                String its = roomOf(name);
                return !its.equals(room) && !allowed.contains(its);
              }
            })
        .allowEmptyShould(true)
        .check(HOUSE);
  }

  @Test
  void everyRoomIsInTheTable() {
    TreeSet<String> found = new TreeSet<>();
    HOUSE.forEach(c -> found.add(roomOf(c.getPackageName())));
    assertThat(MAY_USE.keySet()).containsAll(found);
  }

  @Test
  void theFrameworkStandsInServerOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.gridwarden.server..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.springframework..", "jakarta.servlet..")
        .check(HOUSE);
  }

  @Test
  void theDatabaseDriverStandsInStoreAndItsBenchmarksOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackages("org.gridwarden.store..", "org.gridwarden.bench..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.postgresql..", "org.flywaydb..", "com.zaxxer..")
        .check(HOUSE);
  }

  @Test
  void roomsStandInNoCircle() {
    slices().matching("org.gridwarden.(*)..").should().beFreeOfCycles().check(HOUSE);
  }

  @Test
  void nobodyAsksTheWallClockButThroughAnInstantSource() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "org.gridwarden.core..",
            "org.gridwarden.dlms..",
            "org.gridwarden.security..",
            "org.gridwarden.message..",
            "org.gridwarden.store..",
            "org.gridwarden.channel..",
            "org.gridwarden.headend..")
        .should()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(HOUSE);
  }

  @Test
  void coreIsPlain() {
    classes()
        .that()
        .resideInAnyPackage("org.gridwarden.core..", "org.gridwarden.cosem..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "org.gridwarden.core..",
            "org.gridwarden.cosem..",
            "java..",
            "org.jspecify..",
            "com.google.errorprone.annotations..")
        .check(HOUSE);
  }

  /** A test class that no pattern catches would pass for ever by never running. */
  @Test
  void everyTestClassHasANameThatRuns() throws IOException {
    Pattern test =
        Pattern.compile("@(Test|ParameterizedTest|RepeatedTest|Property|FuzzTest|TestFactory)\\b");
    Pattern name = Pattern.compile(".*(Test|Properties|Fuzz|IT)\\.java");
    try (Stream<Path> files = Files.walk(root())) {
      List<Path> lost =
          files
              .filter(
                  f -> f.toString().contains("/src/test/java/") && f.toString().endsWith(".java"))
              .filter(f -> !name.matcher(f.getFileName().toString()).matches())
              .filter(f -> test.matcher(read(f)).find())
              .toList();
      assertThat(lost).as("test classes that neither Surefire nor Failsafe would run").isEmpty();
    }
  }

  private static String roomOf(String packageName) {
    String[] parts = packageName.split("\\.");
    return parts.length < 3 ? "" : parts[2];
  }

  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.exists(here.resolve("gridwarden"))
        || !Files.exists(here.resolve("cosem-types"))) {
      Path up = here.getParent();
      if (up == null) {
        throw new IllegalStateException("run this test inside the project");
      }
      here = up;
    }
    return here;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
