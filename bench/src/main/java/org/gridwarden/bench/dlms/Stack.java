package org.gridwarden.bench.dlms;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Whose client, meter and codec are measured: ours, or those of a program in interop/. */
enum Stack {
  OURS("ours", "", ""),
  GURUX("gurux", "Gurux 4.0.47", "Gurux"),
  JDLMS("jdlms", "jDLMS 1.8.0", "Jdlms");

  // the same for all: what Java gives a server by itself, with a bounded heap
  private static final String HEAP = "-Xmx1g";

  private final String folder;
  private final String title;
  private final String prefix;

  Stack(String folder, String title, String prefix) {
    this.folder = folder;
    this.title = title;
    this.prefix = prefix;
  }

  /** As it stands in JSON, and as its folder is called. */
  String folder() {
    return folder;
  }

  String title() {
    return this == OURS ? "ours" : title;
  }

  Program meter(Path interop, List<String> words) throws IOException {
    return start("Meter", interop, words);
  }

  Program client(Path interop) throws IOException {
    return start("Load", interop, List.of());
  }

  Program codec(Path interop, List<String> words) throws IOException {
    return start("Codec", interop, words);
  }

  private Program start(String what, Path interop, List<String> words) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(HEAP);
    command.add("-cp");
    if (this == OURS) {
      command.add(System.getProperty("java.class.path"));
      command.add((what.equals("Meter") ? LoadMeter.class : LoadClient.class).getName());
    } else {
      Path made = interop.resolve("target").resolve(folder);
      command.add(made.resolve("classes") + File.pathSeparator + made.resolve("lib") + "/*");
      command.add(prefix + what);
    }
    command.addAll(words);
    return Program.start(title() + "'s " + what, command);
  }

  /**
   * Fetches and compiles the programs of the other stacks, where that is not done.
   *
   * @throws IOException with what to do about it
   */
  static void prepare(Path interop) throws IOException, InterruptedException {
    Path script = interop.resolve("prepare");
    if (!script.toFile().canExecute()) {
      throw new IOException(
          "the other stacks' programs are not in "
              + interop
              + "; they come with the sources: name the folder with --peers");
    }
    ProcessBuilder prepare = new ProcessBuilder(script.toString()).inheritIO();
    prepare.redirectOutput(ProcessBuilder.Redirect.to(new File("/dev/null")));
    prepare.environment().put("JAVA_HOME", System.getProperty("java.home"));
    if (prepare.start().waitFor() != 0) {
      throw new IOException("the other stacks' programs could not be made; why stands above");
    }
  }
}
