import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Reads every Surefire and Failsafe report below the current folder and prints what ran: a row a module, then what was
 * skipped and why, then one line of totals.
 *
 * <p>With --controls: each security control of docs/controls.md, the tests that name it and its result. A test names a
 * control in its display name, a fuzz target also in its class's Javadoc. A control's result is failed where one of its
 * tests failed, passed where one passed, skipped where all were, and untested where there is none. With --json: the same
 * as one JSON document, and nothing else.
 *
 * <p>Exit code 0 when all is well; 1 where a test failed, where none ran, or where one was skipped and CI is true.
 * Untested controls are told and change nothing of it: the list says what is to be had, also before it is there.
 */
void main(String[] args) throws Exception {
  List<String> options = List.of(args);
  List<Ran> all = reports();
  int passed = count(all, "passed");
  int failed = count(all, "failed");
  int skipped = count(all, "skipped");
  boolean ci = "true".equals(System.getenv("CI"));
  boolean well = failed == 0 && passed > 0 && !(ci && skipped > 0);
  Map<Integer, String> names = options.contains("--controls") ? controls() : Map.of();
  if (options.contains("--json")) {
    IO.println(json(all, names, well));
  } else {
    rooms(all);
    if (!names.isEmpty()) {
      table(all, names);
    }
    listed(
        all.stream().filter(r -> !r.why().isEmpty()).toList(),
        "passed",
        "Passed at the second try only, at the first:");
    listed(all, "skipped", "Skipped, for want of a tool or a right on this machine:");
    listed(all, "failed", "Failed:");
    IO.println("");
    IO.println(passed + " passed, " + failed + " failed, " + skipped + " skipped");
    if (passed == 0) {
      IO.println("No test ran: build first.");
    }
  }
  System.exit(well ? 0 : 1);
}

/**
 * One test case: its room, name, result (passed, failed, skipped), the reason (of one that passed: why its first try did
 * not), and the controls that it names.
 */
record Ran(String room, String name, String result, String why, Set<Integer> controls) {}

/** The ids that a text may name: C1, c1_of_a_method, someC1; not hexadecimal digits such as C001C100. */
static final Pattern ID =
    Pattern.compile("(?<![A-Za-z0-9])[cC]([1-9][0-9]?)(?![0-9A-Za-z])|(?<=[a-z._])C([1-9][0-9]?)(?![0-9a-z])");

static Set<Integer> ids(String text) {
  Set<Integer> found = new LinkedHashSet<>();
  Matcher m = ID.matcher(text);
  while (m.find()) {
    found.add(Integer.parseInt(m.group(1) != null ? m.group(1) : m.group(2)));
  }
  return found;
}

static List<Ran> reports() throws Exception {
  DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
  factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
  DocumentBuilder builder = factory.newDocumentBuilder();
  Map<String, Set<Integer>> ofFuzzers = new TreeMap<>();
  List<Ran> all = new ArrayList<>();
  List<Path> files;
  try (Stream<Path> walk = Files.walk(Path.of("."))) {
    files =
        walk.filter(f -> f.getFileName().toString().matches("TEST-.*\\.xml"))
            .filter(f -> f.getParent().getFileName().toString().endsWith("-reports"))
            .sorted()
            .toList();
  }
  for (Path file : files) {
    String room = file.toString().replaceFirst("^\\./", "").replaceFirst("/?target/.*", "");
    var cases = builder.parse(file.toFile()).getElementsByTagName("testcase");
    for (int i = 0; i < cases.getLength(); i++) {
      Element test = (Element) cases.item(i);
      String type = test.getAttribute("classname");
      String name = type.replaceFirst(".*\\.", "") + "." + test.getAttribute("name");
      String result = "passed";
      String why = "";
      for (Node n = test.getFirstChild(); n != null; n = n.getNextSibling()) {
        if (n instanceof Element e && List.of("failure", "error", "skipped").contains(e.getTagName())) {
          result = e.getTagName().equals("skipped") ? "skipped" : "failed";
          why = e.getAttribute("message").lines().findFirst().orElse("");
        } else if (n instanceof Element e && e.getTagName().startsWith("flaky") && why.isEmpty()) {
          why = e.getAttribute("message").lines().findFirst().orElse("no message");
        }
      }
      // the cases of one test with several are one line, and their values name no control
      String whole = name.replaceFirst("\\[\\d+\\].*", "");
      Set<Integer> named = ids(whole);
      if (whole.substring(0, whole.indexOf('.')).endsWith("Fuzz")) {
        if (!ofFuzzers.containsKey(type)) {
          ofFuzzers.put(type, ids(javadoc(room, type)));
        }
        named.addAll(ofFuzzers.get(type));
      }
      all.add(new Ran(room, name, result, why, named));
    }
  }
  return all;
}

/** What stands in the Javadoc of a class; empty where its source is not there. */
static String javadoc(String room, String type) throws IOException {
  Path source = Path.of(room, "src/test/java", type.replace('.', '/') + ".java");
  if (!Files.isReadable(source)) {
    return "";
  }
  String text = Files.readString(source);
  Matcher declared = Pattern.compile("(?m)^(?:public |final |abstract )*class ").matcher(text);
  String before = declared.find() ? text.substring(0, declared.start()) : "";
  int from = before.lastIndexOf("/**");
  return from < 0 ? "" : before.substring(from);
}

/** The list of docs/controls.md. */
static Map<Integer, String> controls() throws IOException {
  Map<Integer, String> names = new TreeMap<>();
  for (String line : Files.readAllLines(Path.of("docs/controls.md"))) {
    Matcher row = Pattern.compile("\\| C([0-9]+) \\| (.*) \\|").matcher(line);
    if (row.matches()) {
      names.put(Integer.parseInt(row.group(1)), row.group(2));
    }
  }
  return names;
}

/** The tests that name a control, each with its result; a test with several cases is one. */
static Map<String, String> tests(List<Ran> all, int control) {
  Map<String, String> tests = new TreeMap<>();
  for (Ran ran : all) {
    if (ran.controls().contains(control)) {
      tests.merge(
          ran.name().replaceFirst("\\[\\d+\\].*", ""), ran.result(), (a, b) -> worse(List.of(a, b)));
    }
  }
  return tests;
}

static String worse(java.util.Collection<String> results) {
  return Stream.of("failed", "passed", "skipped").filter(results::contains).findFirst().orElse("untested");
}

static int count(List<Ran> all, String result) {
  return (int) all.stream().filter(r -> r.result().equals(result)).count();
}

static void rooms(List<Ran> all) {
  IO.println("");
  IO.println(String.format("%-16s %8s %8s %8s", "room", "passed", "failed", "skipped"));
  Map<String, List<Ran>> byRoom = all.stream().collect(Collectors.groupingBy(Ran::room, TreeMap::new, Collectors.toList()));
  byRoom.forEach((room, ran) ->
      IO.println(
          String.format("%-16s %8d %8d %8d", room, count(ran, "passed"), count(ran, "failed"), count(ran, "skipped"))));
}

static void table(List<Ran> all, Map<Integer, String> names) {
  IO.println("");
  IO.println(String.format("%-4s %-8s %s", "id", "result", "control, and its tests"));
  int untested = 0;
  for (var control : names.entrySet()) {
    Map<String, String> tests = tests(all, control.getKey());
    untested += tests.isEmpty() ? 1 : 0;
    IO.println(String.format("%-4s %-8s %s", "C" + control.getKey(), worse(tests.values()), control.getValue()));
    tests.forEach((test, result) -> IO.println(String.format("%14s%-8s %s", "", result, test)));
  }
  IO.println(names.size() + " controls, " + untested + " untested");
}

static void listed(List<Ran> all, String result, String heading) {
  if (count(all, result) > 0) {
    IO.println("");
    IO.println(heading);
    all.stream()
        .filter(r -> r.result().equals(result))
        .forEach(r -> IO.println("  " + r.room() + " " + r.name() + ": " + r.why()));
  }
}

static String json(List<Ran> all, Map<Integer, String> names, boolean well) {
  String controls =
      names.entrySet().stream()
          .map(c -> {
            Map<String, String> tests = tests(all, c.getKey());
            String list =
                tests.entrySet().stream()
                    .map(t -> "{\"test\": " + quoted(t.getKey()) + ", \"result\": " + quoted(t.getValue()) + "}")
                    .collect(Collectors.joining(", ", "[", "]"));
            return "{\"id\": \"C" + c.getKey() + "\", \"control\": " + quoted(c.getValue())
                + ", \"result\": " + quoted(worse(tests.values())) + ", \"tests\": " + list + "}";
          })
          .collect(Collectors.joining(",\n  ", "[\n  ", "]"));
  return "{\"well\": " + well + ", \"passed\": " + count(all, "passed") + ", \"failed\": " + count(all, "failed")
      + ", \"skipped\": " + count(all, "skipped") + ", \"controls\": " + (names.isEmpty() ? "[]" : controls) + "}";
}

static String quoted(String text) {
  StringBuilder out = new StringBuilder("\"");
  text.chars().forEach(c -> {
    if (c == '"' || c == '\\') {
      out.append('\\').append((char) c);
    } else if (c < 0x20) {
      out.append(String.format("\\u%04x", c));
    } else {
      out.append((char) c);
    }
  });
  return out.append('"').toString();
}
