package io.appdbs.restore;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import io.appdbs.restore.program.ProgramRun;
import io.appdbs.restore.program.RestoreFailure;
import org.jspecify.annotations.Nullable;

/**
 * The files of a whole server: a folder that is copied, commands that restore or prepare
 * them, or both.
 *
 * @param folder the folder to copy or {@code null}
 * @param commands the commands
 */
record FolderSource(@Nullable Path folder, List<List<String>> commands) implements BackupSource {

	static final String DATA = "{data}";

	@Override
	public String describe() {
		return (this.folder != null) ? String.valueOf(this.folder.getFileName()) : getName(this.commands.get(0));
	}

	private static String getName(List<String> command) {
		return String.valueOf(Path.of(command.get(0)).getFileName());
	}

	@Override
	public ScratchServer restore(RestorePlan plan, RestoreLog log) throws Exception {
		return PhysicalServer.start(plan, log, (directory) -> {
			Path folder = this.folder;
			if (folder != null) {
				log.step("copy", () -> copy(folder, directory.getData()));
			}
			for (List<String> command : this.commands) {
				log.step(getName(command), () -> run(command, directory.getData(), plan));
			}
		});
	}

	static Path copy(Path folder, Path data) throws IOException, RestoreFailure, InterruptedException {
		if (!Files.isDirectory(folder)) {
			throw new RestoreFailure("The folder " + folder + " does not exist.");
		}
		if (Files.exists(folder.resolve("postmaster.pid"))) {
			throw new RestoreFailure("The folder " + folder
					+ " has a postmaster.pid: it is the data directory of a server, not a backup.");
		}
		// with the content of links, such as tablespaces
		try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
			for (Path file : (Iterable<Path>) files::iterator) {
				if (Thread.interrupted()) {
					throw new InterruptedException();
				}
				Path target = data.resolve(folder.relativize(file).toString());
				if (Files.isDirectory(file)) {
					Files.createDirectories(target);
				}
				else if (Files.isRegularFile(file)) {
					Files.copy(file, target);
				}
			}
		}
		return data;
	}

	private static String run(List<String> command, Path data, RestorePlan plan)
			throws RestoreFailure, InterruptedException {
		List<String> resolved = new ArrayList<>();
		command.forEach((argument) -> resolved.add(argument.replace(DATA, data.toString())));
		ProgramRun run = new ProgramRun(resolved);
		plan.environment().forEach((name, value) -> run.environment(name, value).secret(value));
		return Objects.requireNonNull(run.run());
	}

}
