// Writes each file that docs/getting-started.md prints, under the name above its code block, and nothing else.
def block = ~/(?ms)^`([^`\n]+)`:\n+```\w+\n(.*?)^```$/
def files = (gettingStarted as File).text.findAll(block) { match, name, content -> [name, content] }
files.each { name, content ->
	def file = new File(basedir, name)
	file.parentFile.mkdirs()
	file.text = content
}
assert files*.first().any { it == 'pom.xml' }
assert files*.first().any { it.startsWith('src/test/java/') }
