package io.appdbs;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TroubleshootingSection}.
 */
class TroubleshootingSectionTests {

	private static final TroubleshootingSection SECTION = TroubleshootingSection.DATABASE_CLOSED;

	@Test
	void theAddressOfAReleaseIsThatOfItsPage() {
		assertThat(SECTION.getAddress("1.2.3")).isEqualTo(
				"https://github.com/appdbs/appdbs/blob/v1.2.3/docs/troubleshooting.md#a-database-is-closed-or-did-not-close-in-time");
	}

	@Test
	void theAddressOfASnapshotIsThatOfTheBranch() {
		String address = "https://github.com/appdbs/appdbs/blob/main/docs/troubleshooting.md#a-database-is-closed-or-did-not-close-in-time";
		assertThat(SECTION.getAddress("1.2.3-SNAPSHOT")).isEqualTo(address);
		assertThat(SECTION.getAddress(null)).isEqualTo(address);
	}

}
