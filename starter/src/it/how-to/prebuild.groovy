// Writes the files that the how-to pages print, under the name above each code block: Java sources where Maven compiles them,
// and everything else into sections/<section>, so that each section has its own application.yml.
def slug = { heading -> heading.toLowerCase().replaceAll(/[^\w\- ]/, '').replace(' ', '-') }
def tests = new File(basedir, 'src/test/java/howto').listFiles()*.text.join()
def dependencies = { pom -> pom.findAll(/<artifactId>([^<]+)<\/artifactId>/) { it[1] } }
def managed = dependencies(new File(basedir, 'pom.xml').text)

def pages = (docs as File).listFiles().findAll { it.name.startsWith('how-to') && it.name.endsWith('.md') }*.text
def sections = pages.collectMany { it.split(/(?m)^(?=## )/).toList() }
assert sections.findAll { !it.startsWith('## ') }.every { !it.contains('```') }: 'an introduction has a code block'
sections.findAll { it.startsWith('## ') }.each { section ->
	def name = slug(section.readLines().first().substring(3).trim())
	assert tests.contains("\"$name\""): "no test runs the section '$name'"
	def folder = new File(basedir, "sections/$name")
	def blocks = section.findAll(/(?ms)([^\n]*)\n+^ *```\w+\n(.*?)^ *```$/) {
		[it[1].trim(), it[2].stripIndent()]
	}
	assert section.count('```') == 2 * blocks.size(): "$name: a code block has no language"
	blocks.each { caption, content ->
		def file = caption =~ /^`([^`]+)`(, dependencies)?:$/
		def block = caption =~ /^<!-- block: (.+) -->$/
		if (file && file[0][2]) {
			assert managed.containsAll(dependencies(content)): "$name: dependencies that the application does not have"
		}
		else if (file) {
			def path = file[0][1]
			def target = path.endsWith('.java') ? new File(basedir, path)
					: new File(folder, path.replaceFirst('^src/(main|test)/resources/', ''))
			assert !target.exists(): "$name: $path is printed twice"
			target.parentFile.mkdirs()
			target.text = content
		}
		else if (block) {
			assert tests.contains("\"${block[0][1]}\""): "$name: no test uses the block '${block[0][1]}'"
			def target = new File(folder, "blocks/${block[0][1]}")
			target.parentFile.mkdirs()
			target.text = content
		}
		else {
			assert caption =~ /^<!-- not run: .+ -->$/: "$name: a code block after '$caption' has neither the name of a file nor of a block, nor a reason why it is not run"
		}
	}
}
return true
