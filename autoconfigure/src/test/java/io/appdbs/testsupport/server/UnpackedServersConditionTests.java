package io.appdbs.testsupport.server;

import java.nio.file.Path;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link UnpackedServersCondition}.
 */
class UnpackedServersConditionTests {

	private final ExtensionContext context = mock(ExtensionContext.class);

	@TempDir
	private Path folder;

	@Test
	void namesTheServerThatIsNotUnpacked() {
		assertThat(reason(ForMySql.class)).isEqualTo("MySQL 9.7 is not unpacked: run .ci/servers");
		assertThat(reason(ForDocumentDb.class)).isEqualTo("DocumentDB 1.0 is not unpacked: run .ci/servers");
	}

	private String reason(Class<?> type) {
		given(this.context.getElement()).willReturn(Optional.of(type));
		return new UnpackedServersCondition(new ServersFolder(this.folder)).evaluateExecutionCondition(this.context)
			.getReason()
			.orElseThrow();
	}

	@RequiresMySql
	private static final class ForMySql {

	}

	@RequiresDocumentDb
	private static final class ForDocumentDb {

	}

}
