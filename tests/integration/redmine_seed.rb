# Fills an empty Redmine with the small company of data/samples/redmine_terms.yaml.
# Runs as: SEED_API_KEY=... SEED_FILE=... bundle exec rails runner redmine_seed.rb
# It writes a JSON object with the key of the REST interface and the ids the tests start from.

require 'json'

# Mail is sent by threads of their own, and those hold the database when we want to write.
ActiveJob::Base.queue_adapter = :inline
ActionMailer::Base.perform_deliveries = false
Setting.notified_events = []

Redmine::DefaultData::Loader.load('en')

Setting.rest_api_enabled = '1'
Setting.login_required = '1'

admin = User.find_by(login: 'admin')
admin.must_change_passwd = false
admin.save!
Token.where(user_id: admin.id, action: 'api').delete_all
Token.create!(user: admin, action: 'api')
Token.where(user_id: admin.id, action: 'api').update_all(value: ENV.fetch('SEED_API_KEY'))

# Custom fields cannot be made over the REST interface.
TimeEntryCustomField.create!(
  name: 'Billable', field_format: 'bool', default_value: '1', is_filter: true, visible: true
)

developer = Role.find_by(name: 'Developer')
users = [%w[Ana Diaz], %w[Bo Lindqvist], %w[Chen Wei]].map do |first, last|
  user = User.new(firstname: first, lastname: last, mail: "#{first.downcase}@example.com")
  user.login = first.downcase
  user.password = user.password_confirmation = SecureRandom.hex(12)
  user.save!
  user
end

def make_project(name, identifier, users, role, parent: nil)
  project = Project.new(name: name, identifier: identifier, is_public: false)
  project.enabled_module_names = %w[issue_tracking time_tracking]
  project.trackers = Tracker.all
  project.parent = parent
  project.save!
  users.each do |user|
    member = Member.new(roles: [role])
    member.project, member.user_id = project, user.id
    member.save!
  end
  project
end

acme = make_project('Acme rollout', 'acme-rollout', users, developer)
bluewater = make_project('Bluewater launch', 'bluewater-launch', users, developer)
internal = make_project('Office', 'office', users, developer)
history = make_project('Old work', 'old-work', users, developer)

def make_issue(project, subject, author)
  Issue.create!(
    project: project, tracker: project.trackers.first, author: author, subject: subject,
    priority: IssuePriority.first, status: IssueStatus.first
  )
end

issues = [
  make_issue(acme, 'Discovery', admin), make_issue(acme, 'Build', admin),
  make_issue(internal, 'Coffee round', admin), make_issue(history, 'Long ago', admin)
]
versions = [['M1 design accepted', '2026-10-31'], ['M2 go-live', '2027-03-31']].map do |name, day|
  Version.create!(project: bluewater, name: name, due_date: day, status: 'open')
end

activity = TimeEntryActivity.find_by(name: 'Development')
# More rows than one page may hold, on one day long before the tests' own.
120.times do |number|
  TimeEntry.create!(
    project: history, issue: issues.last, user: users[number % 3], author: admin,
    spent_on: '2026-01-15', hours: 0.25, activity: activity, comments: "old work #{number}"
  )
end

known = {
  api_key: ENV.fetch('SEED_API_KEY'), activity_id: activity.id,
  users: users.to_h { |user| ["#{user.firstname} #{user.lastname}", user.id] },
  issues: issues.to_h { |issue| [issue.subject, issue.id] },
  versions: versions.to_h { |version| [version.name, version.id] }
}
File.write(ENV.fetch('SEED_FILE'), JSON.generate(known))
