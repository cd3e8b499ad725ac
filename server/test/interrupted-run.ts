import setUp from './global-setup.ts'
import { connect, databaseName, readAnnounced } from './postgres.ts'
import { databaseUrl } from '../../scripts/postgres/embedded.ts'

/** As far as a test run gets before somebody interrupts it: Postgres runs, and a test is connected to its database. */
await setUp({ rootDir: process.argv[2]! })
const { url, run, template } = readAnnounced()
const admin = await connect(url)
await admin.query(`create database ${databaseName(run, '1', 'x')} template ${template}`)
await connect(databaseUrl(url, databaseName(run, '1', 'x')))
process.stdout.write('up\n')
setInterval(() => {}, 1_000)
