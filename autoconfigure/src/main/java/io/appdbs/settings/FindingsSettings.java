package io.appdbs.settings;

import java.time.Duration;
import java.util.List;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What counts as a finding of an inspection.
 *
 * @param minimumAge Minimum age of the server's statistics for an unused index to be a
 * finding.
 * @param minimumSize Minimum size of an unused index, or of unused space, that is a
 * finding.
 * @param ignore Identifiers of findings to ignore, such as
 * 'unused-index:public.audit_at', with '*' for any characters.
 */
public record FindingsSettings(@DefaultValue("7d") Duration minimumAge, @DefaultValue("1MB") DataSize minimumSize,
		@DefaultValue List<String> ignore) {

	public FindingsSettings {
		ignore = List.copyOf(ignore);
	}

}
