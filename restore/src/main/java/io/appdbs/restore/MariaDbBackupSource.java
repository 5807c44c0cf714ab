package io.appdbs.restore;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.appdbs.embedded.ScratchDirectory;
import io.appdbs.restore.program.ProgramRun;
import io.appdbs.restore.program.RestoreFailure;

/**
 * A full backup of {@code mariadb-backup} and its incremental ones. All of them are
 * copied, because the program also changes the incremental ones when it applies them.
 *
 * @param full the full backup
 * @param incremental the incremental backups in their order
 */
record MariaDbBackupSource(Path full, List<Path> incremental) implements BackupSource {

	@Override
	public String describe() {
		Path last = this.incremental.isEmpty() ? this.full : this.incremental.get(this.incremental.size() - 1);
		return String.valueOf(last.getFileName());
	}

	@Override
	public ScratchServer restore(RestorePlan plan, RestoreLog log) throws Exception {
		return PhysicalServer.start(plan, log, (directory) -> {
			Path program = plan.programs()
				.findFirst("Debian's package mariadb-backup", "mariadb-backup", "mariabackup");
			log.step("copy", () -> FolderSource.copy(this.full, directory.getData()));
			log.step("prepare", () -> prepare(program, directory, List.of()));
			for (int i = 0; i < this.incremental.size(); i++) {
				Path source = this.incremental.get(i);
				Path target = directory.getFile("incremental-" + i);
				log.step("copy", () -> FolderSource.copy(source, target));
				log.step("prepare", () -> prepare(program, directory, List.of("--incremental-dir=" + target)));
			}
		});
	}

	private static String prepare(Path program, ScratchDirectory directory, List<String> options)
			throws RestoreFailure, InterruptedException {
		List<String> command = new ArrayList<>(
				List.of(program.toString(), "--no-defaults", "--prepare", "--target-dir=" + directory.getData()));
		command.addAll(options);
		return new ProgramRun(command).run();
	}

}
